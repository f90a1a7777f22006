"""AKO does layer 4 in a Supervisor cluster, where someone else does it already.

What it finds:
    An AKO release without `AKOSettings.layer7Only: true` in a cluster of the Supervisor flavour: a
    `TanzuKubernetesCluster`, or a `Cluster` of one of its classes.

Why it matters:
    In such a cluster the Supervisor realises Services of type LoadBalancer. An AKO that does layer 4 as well makes
    a second virtual service and writes a second address into the status: clients and AMKO get either.
    Source: AKO docs/values.md layer7Only; VMware vSphere with Tanzu, AKO in workload clusters (AKO 1.9 and newer).

Bad:
    # Cluster: spec.topology.class tanzukubernetescluster
    AKOSettings: {layer7Only: false}

Good:
    AKOSettings: {layer7Only: true}

Fix:
    Set `layer7Only: true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.ako._settings import releases, setting
from validator.values import flag

SETTING = ("AKOSettings", "layer7Only")
CLASS = ("spec", "topology", "class")


@rule("AKO131", Severity.ERROR, sources=("AVI-07", "AKO docs/values.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    classic: dict[str, Manifest] = {}
    for cluster in estate.holders("TanzuKubernetesCluster"):
        classic.update({item.name: item for item in cluster.of("TanzuKubernetesCluster", "run.tanzu.vmware.com")})
    for release in releases(estate):
        cluster = release.cluster
        name = cluster.tkg.get(*CLASS) if cluster.tkg is not None else None
        supervisor = (
            cluster.tkg if isinstance(name, str) and tkg.is_supervisor_class(name) else classic.get(cluster.name)
        )
        if supervisor is None or flag(setting(release, *SETTING)) is not False:
            continue
        at = supervisor.at(*CLASS) if supervisor is cluster.tkg else supervisor.at("kind")
        yield Problem(
            release.at(*SETTING),
            f"cluster `{cluster.name}` is one of a Supervisor, which does layer 4 itself; AKO needs `layer7Only: true`",
            related=((at, "a cluster of the Supervisor"),),
        )
