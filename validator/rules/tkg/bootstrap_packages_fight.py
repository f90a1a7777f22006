"""A ClusterBootstrap in git will be denied once TKG has added a package to it.

What it finds:
    A `ClusterBootstrap` whose `additionalPackages` do not hold the load balancer package, applied without
    ignoring `/spec/additionalPackages`.

Why it matters:
    The AKO Operator adds `load-balancer-and-ingress-service` to the list of every cluster that it selects, and
    TKG's webhook refuses to take a package out again: from then on every apply of this object is denied.
    Source: load-balancer-operator-for-kubernetes 1.7.0 controllers/cluster/cluster_controller_addon_secret.go.

Bad:
    kind: ClusterBootstrap
    spec: {additionalPackages: [{refName: metrics-server*}]}

Good:
    kind: ClusterBootstrap
    spec: {additionalPackages: [{refName: metrics-server*}, {refName: load-balancer-and-ingress-service*}]}

Fix:
    Commit a ClusterBootstrap only when it is needed; list the package, or ignore the path: Flux 2.9
    `spec.ignore` of the Kustomization, Argo CD `ignoreDifferences` with `RespectIgnoreDifferences=true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest
from validator.rules import rule

PACKAGE = "load-balancer-and-ingress-service"
PATH = "/spec/additionalPackages"


@rule(
    "TKG121",
    Severity.WARNING,
    sources=("TKG-21", "load-balancer-operator-for-kubernetes 1.7.0 controllers/cluster"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for manager in estate.clusters:
        for manifest in manager.of("ClusterBootstrap", "run.tanzu.vmware.com"):
            packages = manifest.spec.get("additionalPackages")
            listed = (
                [item.get("refName") for item in packages or [] if isinstance(item, dict)]
                if isinstance(packages, list)
                else []
            )
            if any(str(name).startswith(PACKAGE) for name in listed) or _ignored(manager, manifest):
                continue
            yield Problem(
                manifest.at("spec", "additionalPackages"),
                f"ClusterBootstrap `{manifest.name}` does not list `{PACKAGE}`, which the AKO Operator adds and TKG "
                f"keeps; list it or ignore `{PATH}`",
            )


def _ignored(manager: Cluster, manifest: Manifest) -> bool:
    for sync in (*manager.of("Kustomization"), *manager.of("Application")):
        if sync.name == manifest.applied_by:
            return PATH in str(sync.spec.get("ignore")) or PATH in str(sync.spec.get("ignoreDifferences"))
    return False
