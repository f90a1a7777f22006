"""Weights and priorities that a GSLBHostRule and the policy behind it give to clusters."""

from __future__ import annotations

from validator.facts import gdp
from validator.federation.policies import Policy, policies_of
from validator.model import Estate
from validator.rules.gdp._names import contexts, naming_of
from validator.schema.faults import tells

DEFAULT, UNLISTED = gdp.DEFAULT_RULE_PRIORITY, gdp.DEFAULT_PRIORITY


def shares(estate: Estate, policy: Policy) -> dict[str, int | None]:
    """Return the priorities that a GSLBHostRule gives to clusters; None for one that is no number."""
    naming = naming_of(estate, policy)
    found: dict[str, int | None] = {}
    for _, item in policy.items("trafficSplit"):
        text = item.get("cluster")
        name = (naming.of(text) or text) if naming is not None else text
        priority = item.get("priority")
        if isinstance(name, str):
            given = DEFAULT if priority is None else priority if isinstance(priority, int) else None
            found.setdefault(name, given)
    return found


def matched(estate: Estate, policy: Policy) -> dict[str, int]:
    """Return the priorities that the policy of the same cluster gives to its clusters; empty where they are not known."""
    for other in policies_of(policy.cluster):
        naming = naming_of(estate, other)
        names = contexts(other, "matchClusters", naming)
        if None in names or other.open:
            return {}
        found = {name: UNLISTED for name in names if name is not None}
        for _, item in other.items("trafficSplit"):
            name = naming.of(item.get("cluster")) if naming is not None else item.get("cluster")
            if isinstance(name, str) and name in found and isinstance(item.get("priority"), int):
                found[name] = item["priority"]
        return found
    return {}


def members(estate: Estate, policy: Policy) -> set[str]:
    """Return the contexts in `configs.memberClusters` and in the policy of the same cluster; empty where they are not known.

    That the policy names no other clusters than the configuration is told by the rules on contexts.
    """
    naming = naming_of(estate, policy)
    listed = policy.release.get("configs", "memberClusters") if policy.release is not None else None
    if (
        naming is None
        or policy.release is None
        or not isinstance(listed, list)
        or tells(policy.release, "configs", "memberClusters")
    ):
        return set()
    texts = [item.get("clusterContext") for item in listed if isinstance(item, dict)]
    if any(isinstance(text, str) and naming.of(text) is None for text in texts):
        return set()
    return naming.meant(texts) | matched(estate, policy).keys()
