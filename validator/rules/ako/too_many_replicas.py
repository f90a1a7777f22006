"""AKO has more replicas than can run.

What it finds:
    `replicaCount: 2` for an AKO that is not the primary, or in a TKG cluster with fewer than two worker nodes.

Why it matters:
    The chart refuses a second replica of a secondary: it does not render. The two pods of a primary must not share
    a node (hard anti-affinity), so that with one worker the second stays Pending and the release never gets ready.
    Source: AKO helm/ako/templates/statefulset.yaml (1.9.2 to 2.1.1).

Bad:
    replicaCount: 2
    AKOSettings: {primaryInstance: false}

Good:
    replicaCount: 1
    AKOSettings: {primaryInstance: false}

Fix:
    Use one replica, or add a worker node.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.ako._settings import releases, setting

COUNT, PRIMARY = ("replicaCount",), ("AKOSettings", "primaryInstance")
WORKERS = ("spec", "topology", "workers", "machineDeployments")


@rule("AKO119", Severity.WARNING, sources=("AKO-22", "AKO helm/ako/templates/statefulset.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        count = release.get(*COUNT)
        if not isinstance(count, int) or isinstance(count, bool) or count != 2:
            continue
        if setting(release, *PRIMARY) is False:
            yield Problem(
                release.at(*COUNT),
                f"`replicaCount: {count}` for an AKO that is not the primary; the chart does not render",
                related=((release.at(*PRIMARY), "not the primary"),),
                severity=Severity.ERROR,
            )
        elif (nodes := _workers(release.cluster)) is not None and nodes < count and release.cluster.tkg:
            yield Problem(
                release.at(*COUNT),
                f"`replicaCount: {count}` in cluster `{release.cluster.name}` with {nodes} worker node; AKO's pods "
                "never share a node, the second one stays Pending",
                related=((release.cluster.tkg.at(*WORKERS), "the workers"),),
            )


def _workers(cluster: Cluster) -> int | None:
    pools = cluster.tkg.get(*WORKERS) if cluster.tkg is not None else None
    if not isinstance(pools, list) or not pools:
        return None
    counts = [pool.get("replicas") if isinstance(pool, dict) else None for pool in pools]
    return sum(count for count in counts if isinstance(count, int)) if all(isinstance(c, int) for c in counts) else None
