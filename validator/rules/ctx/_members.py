"""Clusters that a policy names and the configuration does not."""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import Naming
from validator.federation.policies import policies
from validator.finding import Edit, Problem
from validator.fix import edits
from validator.model import Estate, Release
from validator.rules.gdp._names import naming_of
from validator.schema.faults import tells

MEMBERS = ("configs", "memberClusters")


def strangers(estate: Estate, key: str) -> Iterator[Problem]:
    """Yield the clusters in one list of a policy that are not in `configs.memberClusters` of the same AMKO."""
    for policy in policies(estate):
        release, naming = policy.release, naming_of(estate, policy)
        listed = policy.items(key)
        if release is None or naming is None or not listed:
            continue
        given = release.get(*MEMBERS)
        if not isinstance(given, list) or not given or tells(release, *MEMBERS):
            continue
        texts = [item.get("clusterContext") for item in given if isinstance(item, dict)]
        if any(text in ("", None) for text in texts):
            continue  # an entry names no cluster, which another rule tells
        members = naming.meant(texts)
        unclear = any(isinstance(text, str) and naming.of(text) is None for text in texts)
        matched = (
            naming.meant(item.get("cluster") for _, item in policy.items("matchClusters"))
            if key != "matchClusters"
            else set()
        )
        for index, item in listed:
            context = naming.of(item.get("cluster"))
            if context is None or context in members or context in matched or unclear:
                continue
            yield Problem(
                policy.at(key, index, "cluster"),
                f"`{item['cluster']}` in `{policy.path(key)}` is not in `{release.title(*MEMBERS)}`, and AMKO refuses the whole "
                "policy",
                related=((release.at(*MEMBERS), "the member clusters"),),
                fix=_added(estate, naming, release, context),
            )


def _added(estate: Estate, naming: Naming, release: Release, context: str) -> tuple[Edit, ...]:
    """Add a member that all other clusters of the federation have; else it may be on its way out."""
    others = [other.get(*MEMBERS) for other in naming.federation.releases if other is not release]
    lists = [
        [item.get("clusterContext") for item in one if isinstance(item, dict)]
        for one in others
        if isinstance(one, list)
    ]
    if not others or len(lists) < len(others) or not all(context in naming.meant(texts) for texts in lists):
        return ()
    return edits.append(estate, release, MEMBERS, {"clusterContext": context})
