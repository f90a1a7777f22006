"""No AMKO of a federation leads.

What it finds:
    A federation in which every cluster says `federation.currentClusterIsLeader: false`. Where the federation has members that
    this repository does not hold, the leader may be among them; the finding is then `unverifiable`.

Why it matters:
    A follower logs `AMKO is not a leader, will return` and waits. With followers only, all pods are Ready and nobody
    programs GSLB: new applications get no global name, and members that fail are not taken out.
    Source: AMKO gslb/ingestion/bootup_handler.go HandleBootup, federator/controllers/amkocluster_controller.go Reconcile
    (1.9.1 to 2.1.1).

Bad:
    # site01
    federation: {currentCluster: a-admin@a, currentClusterIsLeader: false}
    ---
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: false}

Good:
    # site01
    federation: {currentCluster: a-admin@a, currentClusterIsLeader: true}
    ---
    # site02
    federation: {currentCluster: b-admin@b, currentClusterIsLeader: false}

Fix:
    Set `currentClusterIsLeader: true` in the one cluster that leads.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Federation, Release, says_leader
from validator.rules import rule

LEADER = ("federation", "currentClusterIsLeader")


@rule("AMK102", Severity.ERROR, sources=("AMKO-LEAD-02",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        if any(says_leader(release) is not False for release in federation.releases):
            continue
        if _hidden(estate, federation):
            continue
        first, *others = sorted(federation.releases, key=lambda release: not _declared_leader(release))
        elsewhere = sorted(_elsewhere(estate, federation))
        title = first.title(*LEADER)
        if elsewhere:
            names = ", ".join(f"`{name}`" for name in elsewhere[:4])
            message = (
                f"no cluster in this repository leads AMKO, `{title}` is false in all of them; the leader may be among "
                f"the {len(elsewhere)} that are not here: {names}"
            )
        else:
            message = (
                f"no cluster leads AMKO: `{title}` is false in every cluster of the federation; set it to true in one"
            )
        yield Problem(
            first.at(*LEADER),
            message,
            related=tuple((other.at(*LEADER), f"`{other.cluster.name}` follows") for other in others[:20]),
            severity=Severity.UNVERIFIABLE if elsewhere else None,
        )


def _declared_leader(release: Release) -> bool:
    return bool((release.cluster.declared or {}).get("isAmkoLeader"))


def _elsewhere(estate: Estate, federation: Federation) -> set[str]:
    """Return the members of the federation whose AMKO this repository does not hold."""
    naming = estate.naming(federation)
    named: set[str] = set()
    for release in federation.releases:
        members = release.get("federation", "memberClusters")
        named |= naming.meant(members if isinstance(members, list) else ())
    here = naming.meant(naming.own)
    return {name for name in named - here if (cluster := estate.cluster_of(name)) is None or not cluster.manifests}


def _hidden(estate: Estate, federation: Federation) -> bool:
    """Return whether a member's AMKO may be installed in a way that cannot be read, which other rules tell."""
    naming = estate.naming(federation)
    members = (release.get("federation", "memberClusters") for release in federation.releases)
    named = {
        name for listed in members if isinstance(listed, list) for name in naming.meant(listed)
    } - naming.own.keys()
    clusters = (estate.cluster_of(name) for name in named)
    return any(one is not None and not one.amko and one.manifests for one in clusters)
