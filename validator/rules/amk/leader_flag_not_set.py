"""A release does not say whether its AMKO leads.

What it finds:
    An AMKO release without `federation.currentClusterIsLeader`, so that the default of the chart holds: false up to 1.13.1,
    true from 1.14.1 on.

Why it matters:
    With a chart from 1.14.1 on, a follower that relies on the default is a second leader, and the AMKO that really leads
    stops at boot with `AMKO in cluster X is also a leader, conflicting state`. With an older chart a leader that relies on
    it does not lead, and a follower turns into a leader on the day of the upgrade.
    Source: AMKO helm/amko/values.yaml@1.13.1 and @1.14.1; federator/controllers/utils.go ValidateMemberClusters.

Bad:
    federation:
      currentCluster: b-admin@b
      memberClusters: [a-admin@a, b-admin@b]

Good:
    federation:
      currentCluster: b-admin@b
      currentClusterIsLeader: false
      memberClusters: [a-admin@a, b-admin@b]

Fix:
    Write `currentClusterIsLeader` in every cluster: true in the one that leads, false in all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from validator.facts import amko
from validator.finding import Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate, Federation, Release
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

LEADER = ("federation", "currentClusterIsLeader")


@rule("AMK103", Severity.WARNING, sources=("AMKO-LEAD-03", "AMKO-LEAD-01", "AMKO-LEAD-02"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        for release in federation.releases:
            value = release.get(*LEADER)
            if value is not MISSING and value is not None:
                continue
            if release.values.unknown or _is_told(release):
                continue
            yield replace(
                _problem(federation, release, null=value is None), fix=_fix(estate, federation, release, value)
            )


def _fix(estate: Estate, federation: Federation, release: Release, value: object) -> tuple[Edit, ...]:
    """Write false where another cluster says that it leads; who leads is never decided here."""
    if not federation.leaders or release.engine == "manifests":
        return ()
    if value is None:
        return edits.assign(estate, release, LEADER, False)
    return edits.insert(estate, release, LEADER[:1], LEADER[1], False)


def _is_told(release: Release) -> bool:
    """Return whether another rule says why the flag is missing: a misspelt key, or no block at all."""
    block = release.values.get("federation")
    return lacks(release, "federation") or tells(release, *LEADER) or block is MISSING or block in (None, {})


def _problem(federation: Federation, release: Release, *, null: bool) -> Problem:
    title = release.title(*LEADER)
    leader = next(iter(federation.leaders), None)
    start = f"cluster `{release.cluster.name}` {'sets' if null else 'does not set'} `{title}`{' to nothing' if null else ''}"
    related = ((leader.at(*LEADER), f"`{leader.cluster.name}` leads here"),) if leader else ()
    changes = "the default changes with the chart, false up to 1.13.1, true from 1.14.1"
    if release.engine == "manifests" or null:
        leads: bool | None = False
        default, changes = "it is false then", "say what it is"
    else:
        leads = amko.has(release.version, "leaderByDefault") if release.version else None
        default = f"the default of chart {release.version} is {str(leads).lower()}"
    if leads and leader:
        text = f"{start}: {default}, which makes it a second leader beside `{leader.cluster.name}`; write false"
    elif leads is False and leader is None:
        text = f"{start}: {default}, and no other cluster leads; write true where AMKO leads, else false"
    elif leads is None:
        text = f"{start}; {changes}; write it in every cluster"
    else:
        text = f"{start}: {default}; {changes}; write it in every cluster"
    severe = leads or (leads is False and leader is None)
    return Problem(release.at(*LEADER), text, related, Severity.ERROR if severe else Severity.WARNING)
