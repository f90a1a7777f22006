"""Several AKOs of a cluster get in each other's way.

What it finds:
    Two AKO releases in one cluster that stand in the same namespace, that have the same namespace selector or none,
    or whose controller, serviceType or version differs.

Why it matters:
    All objects of the chart have fixed names, so two releases in a namespace overwrite each other. Each namespace
    must belong to one AKO: with equal selectors, or without, both make its virtual services. Different controllers,
    modes or versions in one cluster are not supported; the primary's routes and CustomResourceDefinitions serve all
    of them.
    Source: AKO docs/multiple-ako.md (1.9.2 to 2.1.1).

Bad:
    # two releases in one cluster
    AKOSettings: {primaryInstance: true}
    AKOSettings: {primaryInstance: false}

Good:
    AKOSettings: {primaryInstance: true, namespaceSelector: {labelKey: team, labelValue: red}}
    AKOSettings: {primaryInstance: false, namespaceSelector: {labelKey: team, labelValue: blue}}

Fix:
    Give each AKO a namespace and a selector of its own, and the same controller, serviceType and version.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import CONTROLLER, TYPE, place, text

SELECTOR = ("AKOSettings", "namespaceSelector")


@rule("AKO117", Severity.ERROR, sources=("AKO-21", "AKO docs/multiple-ako.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for index, release in enumerate(cluster.ako):
            for other in cluster.ako[:index]:
                for at, there, what in _clashes(release, other):
                    yield Problem(
                        at,
                        f"AKO `{release.namespace}/{release.name}` and `{other.namespace}/{other.name}` of cluster "
                        f"`{cluster.name}` {what}",
                        related=((there, f"AKO `{other.namespace}/{other.name}`"),),
                    )


def _clashes(one: Release, other: Release) -> Iterator[tuple[Ref, Ref, str]]:
    if one.namespace == other.namespace:
        where = ("metadata", "name")
        yield (
            one.manifest.at(*where),
            other.manifest.at(*where),
            "stand in the same namespace; their objects have fixed names",
        )
        return
    mine, theirs = _selector(one), _selector(other)
    if mine is not None and mine == theirs:
        how = "select the same namespaces" if all(mine) else "both take every namespace"
        yield one.at(*SELECTOR), other.at(*SELECTOR), f"{how}; each namespace belongs to one AKO"
    if (left := place(one)) and (right := place(other)) and left[0] != right[0]:
        text_ = f"have different controllers, `{left[0]}` and `{right[0]}`"
        yield one.at(*CONTROLLER), other.at(*CONTROLLER), text_
    if (kind := text(one, *TYPE)) and (former := text(other, *TYPE)) and kind != former:
        yield one.at(*TYPE), other.at(*TYPE), f"have different serviceTypes, `{kind}` and `{former}`"
    if one.version and other.version and one.version != other.version:
        yield one.version_at, other.version_at, f"have different versions, `{one.version}` and `{other.version}`"


def _selector(release: Release) -> tuple[str, str] | None:
    key, value = text(release, *SELECTOR, "labelKey"), text(release, *SELECTOR, "labelValue")
    if key is None or value is None:
        return None
    return (key, value) if key.strip() and value.strip() else ("", "")
