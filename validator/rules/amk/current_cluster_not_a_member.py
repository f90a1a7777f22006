"""AMKO's own cluster is not in its list of federation members.

What it finds:
    A release whose `federation.currentCluster` does not stand in its own `federation.memberClusters`.

Why it matters:
    On the leader the boot ends with `current cluster context X not part of member clusters` and a panic. A follower does
    not look, until it becomes the leader: then it ends the same way, in the middle of a failover. The comments in the
    chart's values say that the current cluster is ignored in this list; the code wants it there.
    Source: AMKO federator/controllers/utils.go getClusterContextDetails (1.9.1 to 2.1.1).

Bad:
    federation:
      currentCluster: a-admin@a
      memberClusters: [b-admin@b]

Good:
    federation:
      currentCluster: a-admin@a
      memberClusters: [a-admin@a, b-admin@b]

Fix:
    List every cluster that runs AMKO in `federation.memberClusters`, the cluster itself too, the same list in every site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.federation.contexts import closest
from validator.finding import Problem, Severity
from validator.fix import edits
from validator.model import Estate, says_leader
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

CURRENT, MEMBERS = ("federation", "currentCluster"), ("federation", "memberClusters")
_NUMBERS = re.compile(r"\d+")


@rule("AMK104", Severity.ERROR, sources=("AMKO-FED-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for release in federation.releases:
            current, members = naming.of(release.get(*CURRENT)), release.get(*MEMBERS)
            if members is MISSING and release.values.unknown:
                continue
            members = [] if members is MISSING or members is None else members
            if not current or not isinstance(members, list) or current in naming.meant(members):
                continue
            if lacks(release, "federation") or tells(release, *CURRENT) or tells(release, *MEMBERS):
                continue
            if any(text in ("", None) for text in members):
                continue  # an entry names no cluster, which another rule tells
            strange = {name for name in members if isinstance(name, str)} & naming.wrong.keys()
            if any(naming.of(name) is None for name in strange):
                continue
            near = closest(current, (name for name in members if isinstance(name, str) and name not in naming.own))
            hint = f", which has `{near}`" if near else ""
            boot = "AMKO stops at boot" if says_leader(release) else "AMKO stops at boot when it becomes the leader"
            yield Problem(
                release.at(*MEMBERS),
                f"`{release.get(*CURRENT)}`, the context of cluster `{release.cluster.name}` itself, is not in "
                f"`{release.title(*MEMBERS)}`{hint}; {boot}: add it",
                related=((release.at(*CURRENT), "the cluster's own context"),),
                fix=() if _is_slip(current, near) else edits.append(estate, release, MEMBERS, release.get(*CURRENT)),
            )


def _is_slip(current: str, near: str | None) -> bool:
    """Return whether an entry may be the cluster itself under a misspelt name; other numbers are other clusters."""
    return near is not None and _NUMBERS.findall(near) == _NUMBERS.findall(current)
