"""AMKO's objects are applied in no fixed order.

What it finds:
    AMKOCluster in another Flux Kustomization or Argo CD Application than GSLBConfig, GlobalDeploymentPolicy or (before AMKO
    1.13.1) the StatefulSet of AMKO, and nothing that makes one wait for the other.

Why it matters:
    When the federator of a leader finds its AMKOCluster and no GSLBConfig or no policy yet, it deletes those of all followers. An
    AMKO before 1.13.1 that starts without an AMKOCluster takes itself for the leader and stays it.
    Source: AMKO federator/controllers/amkocluster_controller.go FederateGSLBConfig, DeleteObjsOnAllMemberClusters;
    gslb/ingestion/bootup_handler.go HandleBootup@1.9.1 and @1.13.1.

Bad:
    kind: Kustomization
    metadata: {name: amko-cluster, namespace: flux-system}
    spec: {path: ./amko/cluster}

Good:
    kind: Kustomization
    metadata: {name: amko-cluster, namespace: flux-system}
    spec: {path: ./amko/cluster, dependsOn: [{name: amko-config}]}

Fix:
    Apply all of AMKO's objects together, or make AMKOCluster depend on GSLBConfig and policy, and the pod on AMKOCluster:
    `dependsOn` in Flux, sync waves in Argo CD.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("AMK116", Severity.WARNING, sources=("AMKO-FED-10", "AMKO-VER-03"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("AMKOCluster"):
        anchors = cluster.of("AMKOCluster", GROUP)
        if not anchors:
            continue
        anchor = anchors[0]
        told: set[str] = set()
        for manifest in (*cluster.of("GSLBConfig", GROUP), *cluster.of("GlobalDeploymentPolicy", GROUP)):
            if manifest.applied_by not in told:
                told.add(manifest.applied_by)
                yield from _ordered(cluster, anchor, manifest)
        version = next((release.version for release in cluster.amko), None)
        if version is not None and amko.has(version, "bootNeedsCluster") is False:
            for manifest in cluster.of("StatefulSet", "apps"):
                if manifest.name == "amko":
                    yield from _ordered(cluster, manifest, anchor)


def _ordered(cluster: Cluster, later: Manifest, earlier: Manifest) -> Iterator[Problem]:
    if later.applied_by == earlier.applied_by or _waits(cluster, later.applied_by, earlier.applied_by):
        return
    sync = _sync(cluster, later.applied_by)
    yield Problem(
        sync.at("spec") if sync else later.at("metadata", "name"),
        f"{later.kind} `{later.name}` of cluster `{cluster.name}` can be applied before {earlier.kind} `{earlier.name}`: "
        f"{_named(later)} does not wait for {_named(earlier)}",
        related=((earlier.at("metadata", "name"), f"{earlier.kind} `{earlier.name}`"),),
    )


def _named(manifest: Manifest) -> str:
    return f"`{manifest.applied_by}`" if manifest.applied_by else "the sync root"


def _sync(cluster: Cluster, name: str) -> Manifest | None:
    found = (item for item in (*cluster.of("Kustomization"), *cluster.of("Application")) if item.name == name)
    return next((item for item in found if flux.is_kustomization(item) or argocd.is_application(item)), None)


def _waits(cluster: Cluster, later: str, earlier: str) -> bool:
    """Return whether one sync waits for another: by `dependsOn`, also through others, or by a later wave."""
    pending, seen = [later], set()
    while pending:
        name = pending.pop()
        sync = _sync(cluster, name)
        if name in seen or sync is None:
            continue
        seen.add(name)
        other = _sync(cluster, earlier)
        if argocd.is_application(sync) and other is not None and _wave(sync) > _wave(other):
            return True
        entries = sync.spec.get("dependsOn")
        names = [item.get("name") for item in entries if isinstance(item, dict)] if isinstance(entries, list) else []
        if earlier in names:
            return True
        pending.extend(item for item in names if isinstance(item, str))
    return False


def _wave(application: Manifest) -> int:
    try:
        return int(application.annotations.get("argocd.argoproj.io/sync-wave", "0"))
    except (TypeError, ValueError):
        return 0
