"""The leading AMKO is upgraded before its followers.

What it finds:
    An AMKO leader with a newer chart than at the base revision, while a follower stays with an older one. Needs
    `--base`.

Why it matters:
    The leader passes over members with another version than its own, so from this commit on nothing is federated to
    them, and the new leader may write fields that the custom resources of the followers do not know. AMKO's
    documentation wants the custom resources first, then all followers, the leader last; then the federation pauses
    only for the last step.
    Source: AMKO README.md@2.1.1 (upgrade), federator/controllers/utils.go ValidateMemberClusters.

Bad:
    # site01, the leader: 1.10.1 -> 1.11.1
    # site02, a follower: 1.10.1

Good:
    # first commit: site02 -> 1.11.1; second commit: site01 -> 1.11.1

Fix:
    Upgrade the followers first, or all clusters in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("AMK906", Severity.WARNING, sources=("AMKO README.md@2.1.1", "AMKO-FED-04"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.past is None:
        return
    before = {id(pair.new): pair.old for pair in estate.past.releases("amko")}
    for federation in estate.federations:
        for leader in federation.leaders:
            old = before.get(id(leader))
            now = leader.version
            if old is None or old.version is None or now is None or version.compare(old.version, now) != -1:
                continue
            for follower in federation.releases:
                if follower.version is not None and version.compare(follower.version, now) == -1:
                    yield Problem(
                        leader.version_at,
                        f"the leading AMKO in cluster `{leader.cluster.name}` goes from {old.version} to {now}, "
                        f"while `{follower.cluster.name}` stays at {follower.version}; upgrade the followers first, "
                        "the leader last",
                        related=((follower.version_at, f"`{follower.cluster.name}` has {follower.version}"),),
                    )
                    break
