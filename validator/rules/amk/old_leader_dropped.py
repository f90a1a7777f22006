"""The AMKO that led leaves the repository while another one takes the lead.

What it finds:
    A new AMKO leader, while the cluster that led at the base revision is in the repository no more. Needs `--base`.

Why it matters:
    A folder that is gone stops nothing: the Flux or Argo CD of that cluster keeps what it applied last, and that says
    `currentClusterIsLeader: true`. When the site returns, there are two leaders: the new one finds `AMKO in cluster X
    is also a leader, conflicting state` and ends, and with the next restart of its pod nobody programs GSLB.
    Source: AMKO docs/federation.md; federator/controllers/utils.go ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    # site01, which led, is deleted from the repository
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: true}

Good:
    # site01
    federation: {currentCluster: a-admin@a, currentClusterIsLeader: false}
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: true}

Fix:
    Keep the old leader's folder with `currentClusterIsLeader: false` until its cluster has applied that or is
    deleted.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, says_leader
from validator.rules import rule

LEADER = ("federation", "currentClusterIsLeader")


@rule("AMK904", Severity.WARNING, sources=("AMKO-LEAD-01", "AMKO docs/federation.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    if past is None or past.then is None:
        return
    gone = {id(cluster) for cluster in past.gone}
    followed = {id(pair.new): pair.old for pair in past.releases("amko")}
    for federation in past.then.federations:
        lost = [release for release in federation.leaders if id(release.cluster) in gone]
        members = {id(release) for release in federation.releases}
        for leader in (leader for now in estate.federations for leader in now.leaders):
            old = followed.get(id(leader))
            if lost and old is not None and id(old) in members and not says_leader(old):
                yield Problem(
                    leader.at(*LEADER),
                    f"cluster `{leader.cluster.name}` takes the lead, and `{lost[0].cluster.name}`, which led, is in "
                    f"the repository no more: its AMKO still says that it leads; keep it here with `{LEADER[1]}: "
                    "false` until the cluster has applied that or is deleted",
                )
