"""More than one AMKO of a federation says that it leads.

What it finds:
    Two or more clusters of one federation with `federation.currentClusterIsLeader: true`.

Why it matters:
    At boot the leader asks every member whether it leads too. It then stops with `AMKO in cluster X is also a
    leader, conflicting state` and panics; nobody programs GSLB any more. While it runs, the API server of AMKO is
    shut down, so the fault often shows months later, when a pod restarts.
    Source: AMKO federator/controllers/utils.go, ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    # site01
    federation: {currentCluster: a-admin@a, currentClusterIsLeader: true}
    ---
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: true}

Good:
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: false}

Fix:
    Leave `true` in the cluster that leads and set `currentClusterIsLeader: false` in all others, in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

LEADER = ("federation", "currentClusterIsLeader")


@rule("AMK101", Severity.ERROR, sources=("AMKO-LEAD-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        leaders = {id(release.cluster): release for release in reversed(federation.leaders)}
        if len(leaders) < 2:
            continue
        first, *others = reversed(leaders.values())
        for other in others:
            yield Problem(
                other.at(*LEADER),
                f"cluster `{other.cluster.name}` is a second AMKO leader, `{first.cluster.name}` leads already; "
                "one leader is allowed in a federation",
                related=((first.at(*LEADER), f"`{first.cluster.name}` leads here"),),
            )
