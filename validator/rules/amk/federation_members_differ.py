"""The clusters of a federation list different members of it.

What it finds:
    `federation.memberClusters` that is not the same set in all clusters of a federation. In a draw, the cluster that differs from
    the leader is at fault.

Why it matters:
    Only the leader's list counts. After a failover the new leader's does: it then copies configuration and policy to other
    clusters than before, and one that is missing keeps old settings without a sign.
    Source: AMKO federator/controllers/amkocluster_controller.go (1.9.1 to 2.1.1); docs/federation.md.

Bad:
    # site01
    federation: {memberClusters: [a-admin@a, b-admin@b, c-admin@c]}
    ---
    # site02
    federation: {memberClusters: [a-admin@a, b-admin@b]}

Good:
    # site02
    federation: {memberClusters: [a-admin@a, b-admin@b, c-admin@c]}

Fix:
    Write the same list in every cluster: all clusters that run AMKO.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.agreement import disagreements
from validator.finding import Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate, Release
from validator.rules import rule
from validator.schema.faults import tells

MEMBERS = ("federation", "memberClusters")


@rule("AMK113", Severity.WARNING, sources=("AMKO-FED-08",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        lists = [
            (release, members) for release in federation.releases if isinstance(members := release.get(*MEMBERS), list)
        ]
        if any(isinstance(text, str) and naming.of(text) is None for _, members in lists for text in members):
            continue
        answers = []
        for release, members in lists:
            meant = frozenset(naming.meant(members))
            if naming.of(release.get("federation", "currentCluster")) in {None, *meant}:
                answers.append((release, meant))
        sets = {id(release): names for release, names in answers}
        for release, model in disagreements(federation, answers):
            mine, theirs = sets[id(release)], sets[id(model)]
            if tells(release, *MEMBERS) or tells(model, *MEMBERS):
                continue
            missing, extra = sorted(theirs - mine), sorted(mine - theirs)
            words = [f"lacks {_listed(missing)}" if missing else "", f"has {_listed(extra)} more" if extra else ""]
            yield Problem(
                release.at(*MEMBERS),
                f"`{release.title(*MEMBERS)}` of cluster `{release.cluster.name}` {' and '.join(filter(None, words))}, compared "
                f"with `{model.cluster.name}`; it must be the same in all clusters of a federation",
                related=((model.at(*MEMBERS), f"the list of `{model.cluster.name}`"),),
                fix=() if extra or not set(missing) <= naming.own.keys() else _added(estate, release, missing),
            )


def _added(estate: Estate, release: Release, missing: list[str]) -> tuple[Edit, ...]:
    """Add clusters that run AMKO, which is all that the list is to hold."""
    return tuple(edit for context in missing for edit in edits.append(estate, release, MEMBERS, context))


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
