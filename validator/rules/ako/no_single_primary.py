"""A cluster has no primary AKO, or more than one.

What it finds:
    A cluster whose AKO releases do not have exactly one with `AKOSettings.primaryInstance: true`, which is the
    default.

Why it matters:
    The primary owns the ClusterRole, the IngressClass and the static routes. Two primaries fight for them: the
    second release fails with `exists and cannot be imported`, or takes them away from the first. Without a primary
    the ClusterRole is missing and no AKO can read anything.
    Source: AKO docs/multiple-ako.md; helm/ako/templates (1.9.2 to 2.1.1).

Bad:
    # two releases in one cluster
    AKOSettings: {primaryInstance: true}
    AKOSettings: {primaryInstance: true}

Good:
    AKOSettings: {primaryInstance: true}
    AKOSettings: {primaryInstance: false}

Fix:
    Leave one primary in each cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts.names import NAMESPACE
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.rules import rule
from validator.rules.ako._settings import setting

PRIMARY = ("AKOSettings", "primaryInstance")


@rule("AKO116", Severity.ERROR, sources=("AKO-21", "AKO docs/multiple-ako.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        answers = [(release, setting(release, *PRIMARY)) for release in cluster.ako]
        if not answers or any(not isinstance(answer, bool) for _, answer in answers):
            continue
        primary = sorted((release for release, answer in answers if answer), key=_rank)
        if not primary and not cluster.uncertain:
            yield Problem(
                cluster.ako[0].at(*PRIMARY),
                f"no AKO of cluster `{cluster.name}` is the primary; ClusterRole `ako-cr` and IngressClass "
                "`avi-lb` are missing",
            )
        for other in primary[1:]:
            yield Problem(
                other.at(*PRIMARY),
                f"AKO `{other.namespace}/{other.name}` is a second primary in cluster `{cluster.name}`, "
                f"`{primary[0].namespace}/{primary[0].name}` is one already",
                related=((primary[0].at(*PRIMARY), "the first primary"),),
            )


def _rank(release: Release) -> tuple[bool, bool]:
    """Put the one that is rather meant to be the primary first."""
    return (release.get(*PRIMARY) is not True, release.namespace != NAMESPACE)
