"""An AMKO that is installed and does not run.

What it finds:
    `replicaCount: 0` in an AMKO release.

Why it matters:
    There is no pod. On the leader nobody programs GSLB: new applications get no global name, dead members stay. On a follower the
    cluster cannot take over, although the federation counts on it.
    Source: AMKO helm/amko/templates/statefulset.yaml (1.9.1 to 2.1.1).

Bad:
    replicaCount: 0

Good:
    replicaCount: 1

Fix:
    Set `replicaCount: 1`, or remove AMKO from the cluster and from `federation.memberClusters`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, says_leader
from validator.rules import rule


@rule("AMK119", Severity.WARNING, sources=("AMKO-LEAD-02", "AMKO helm/amko/templates/statefulset.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            count = release.get("replicaCount")
            if release.engine == "manifests" or isinstance(count, bool) or count != 0:
                continue
            leads = says_leader(release) is True
            effect = "it leads, and nobody programs GSLB" if leads else "it cannot take over"
            yield Problem(
                release.at("replicaCount"),
                f"AMKO of cluster `{cluster.name}` has no pod: {effect}; write 1",
                severity=Severity.ERROR if leads else None,
            )
