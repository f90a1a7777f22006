"""AMKO without one of the objects that it lives on.

What it finds:
    In a repository that writes AMKO's objects without the chart: a cluster with a GSLBConfig and no AMKOCluster, and a leader
    without GSLBConfig or without GlobalDeploymentPolicy. (A follower may leave those two to the leader, which copies its own.)

Why it matters:
    Without AMKOCluster, AMKO does not start (from 1.13.1 on) or takes itself for the leader (before). On a leader without
    GSLBConfig or policy, the federator deletes those of all followers, and AMKO deletes the GSLB services that it made.
    Source: AMKO gslb/ingestion/bootup_handler.go HandleBootup; federator/controllers/amkocluster_controller.go FederateGDP,
    FederateGSLBConfig (1.9.1 to 2.1.1).

Bad:
    # the leader's folder
    kind: AMKOCluster
    spec: {clusterContext: a-admin@a, isLeader: true, clusters: [a-admin@a], version: 2.1.1}

Good:
    # and beside it
    kind: GSLBConfig
    metadata: {name: gc-1, namespace: avi-system}

Fix:
    Add the object, in `avi-system`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release, says_leader
from validator.read.rendered import objects
from validator.rules import rule

SHAPES = {"AMKOCluster": "clusterContext", "GSLBConfig": "gslbLeader", "GlobalDeploymentPolicy": "matchRules"}
"""A field that tells each kind."""


@rule("AMK110", Severity.ERROR, sources=("AMKO-FED-05", "AMKO-FED-06", "AMKO-FED-10"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            if release.engine != "manifests" or cluster.uncertain or cluster.workloads.foreign(estate.folders):
                continue
            for kind in _missing(release):
                others = cluster.of(kind, GROUP) or (kind == "GlobalDeploymentPolicy" and cluster.of(kind))
                if not others and not _is_broken(estate, cluster, kind):
                    yield Problem(
                        release.manifest.at("metadata", "name"),
                        f"cluster `{cluster.name}` has AMKO's {release.manifest.kind} but no {kind}; AMKO "
                        f"{'does not start without it' if kind == 'AMKOCluster' else 'leads there and deletes those of the followers'}",
                    )


def _missing(release: Release) -> Iterator[str]:
    found = objects(release)
    wanted = SHAPES if says_leader(release) else ("AMKOCluster",)
    yield from (kind for kind in wanted if kind not in found)


def _is_broken(estate: Estate, cluster: Cluster, kind: str) -> bool:
    """Return whether something like the object is there, which the rules on schemas tell."""
    for document in estate.documents:
        spec = document.value.get("spec") if isinstance(document.value, dict) else None
        inside = document.path.startswith(f"{cluster.root}/") if cluster.root else True
        broken = document.kind != kind or not document.api_version
        if inside and broken and isinstance(spec, dict) and SHAPES[kind] in spec:
            return True
    return False
