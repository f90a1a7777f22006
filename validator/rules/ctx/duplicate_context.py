"""A cluster that stands twice in a list.

What it finds:
    The same context two times in `federation.memberClusters`, `configs.memberClusters`, `matchClusters` or `trafficSplit`.

Why it matters:
    In `configs.memberClusters` AMKO starts a second set of watches on the same cluster. In `trafficSplit` the first entry counts
    and the second is ignored, whatever it says. Often the second was meant to be another cluster.
    Source: AMKO gslb/ingestion/gslb.go loadClusterAccess; gslb/gslbutils/gdputils.go GetTrafficWeight (1.9.1 to 2.1.1).

Bad:
    trafficSplit: [{cluster: a-admin@a, weight: 8}, {cluster: a-admin@a, weight: 2}]

Good:
    trafficSplit: [{cluster: a-admin@a, weight: 8}, {cluster: b-admin@b, weight: 2}]

Fix:
    Remove the second entry, or write the context that it was meant to have.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules, policies
from validator.finding import Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate, Mention, mentions
from validator.read.documents import Ref
from validator.rules import rule


@rule("CTX108", Severity.WARNING, sources=("AMKO-CTX-08",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            seen: dict[tuple[str, str], Mention] = {}
            for mention in mentions(release):
                if not isinstance(mention.context, str) or not mention.context:
                    continue
                first = seen.setdefault((mention.title, mention.context), mention)
                if first is not mention:
                    size = 1 if isinstance(mention.pointer[-1], int) else 2
                    entry = mention.pointer[: len(mention.pointer) - size + 1]
                    fix = edits.remove(estate, release, entry)
                    yield _problem(mention.context, mention.title, mention.at, first.at, fix)
    for policy in (
        *host_rules(estate),
        *(one for one in policies(estate) if one.manifest and not _is_release(one.release)),
    ):
        names: dict[object, int] = {}
        for index, item in policy.items("trafficSplit"):
            name = item.get("cluster")
            if isinstance(name, str) and names.setdefault(name, index) != index:
                path = policy.path("trafficSplit")
                yield _problem(
                    name,
                    path,
                    policy.at("trafficSplit", index, "cluster"),
                    policy.at("trafficSplit", names[name], "cluster"),
                )


def _is_release(release: object) -> bool:
    """Return whether a policy object is read as part of a release already."""
    return getattr(release, "engine", None) == "manifests"


def _problem(name: str, title: str, at: Ref, first: Ref, fix: tuple[Edit, ...] = ()) -> Problem:
    text = f"`{name}` stands twice in `{title}`; one entry per cluster is allowed"
    return Problem(at, text, related=((first, "the first"),), fix=fix)
