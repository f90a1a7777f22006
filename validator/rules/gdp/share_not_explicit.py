"""A cluster's share of the traffic is left to defaults that differ.

What it finds:
    An entry of `trafficSplit` without `weight` where AMKO has no default for it (before 1.10.1), and entries without `weight` or
    `priority` beside others that have them.

Why it matters:
    Before 1.10.1 a missing weight is 0, and AMKO refuses the policy: `traffic weight 0 must be between 1 and 20`. Later it is
    1, and a missing priority is 10: beside entries that say 20, the cluster gets nothing, beside entries that say 5, all.
    Source: AMKO helm/amko/crds/gdp_def.yaml (default 1 from 1.10.1 on, priority 10); gslb/ingestion/gdp_controller.go
    GDPSanityChecks.

Bad:
    trafficSplit: [{cluster: a-admin@a, weight: 8, priority: 20}, {cluster: b-admin@b, weight: 2}]

Good:
    trafficSplit: [{cluster: a-admin@a, weight: 8, priority: 20}, {cluster: b-admin@b, weight: 2, priority: 10}]

Fix:
    Write `weight` (1 to 20) and `priority` (0 to 100, the highest serves) for every cluster, or for none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.policies import Policy, policies
from validator.finding import Action, Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import dig
from validator.rules import rule

DEFAULTS = {"weight": 1, "priority": 10}


@rule("GDP103", Severity.WARNING, sources=("GDP-03", "GDP-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        yield from _weights(policy)
        yield from _mixed(estate, policy)


def _refuses(policy: Policy) -> bool:
    return policy.version is not None and amko.has(policy.version, "weightDefault") is False


def _weights(policy: Policy) -> Iterator[Problem]:
    if not _refuses(policy):
        return
    for index, item in policy.items("trafficSplit"):
        if item.get("weight") is None and item.get("cluster") and not policy.told("trafficSplit", index, "weight"):
            yield Problem(
                policy.at("trafficSplit", index),
                f"`{item.get('cluster')}` has no `weight` in `{policy.path('trafficSplit')}`; AMKO {policy.version} takes that for "
                "0 and refuses the policy, 1 to 20 are allowed",
                severity=Severity.ERROR,
            )


def _mixed(estate: Estate, policy: Policy) -> Iterator[Problem]:
    items = policy.items("trafficSplit")
    for key, default in DEFAULTS.items():
        given = [index for index, item in items if item.get(key) is not None]
        if not given or (key == "weight" and _refuses(policy)):
            continue
        for index, item in items:
            if item.get(key) is None and item.get("cluster") and not policy.told("trafficSplit", index, key):
                yield Problem(
                    policy.at("trafficSplit", index),
                    f"`{item.get('cluster')}` has no `{key}` in `{policy.path('trafficSplit')}`, other clusters have one; it is {default} "
                    "then, write it",
                    related=((policy.at("trafficSplit", given[0], key), f"`{key}` of another cluster"),),
                    fix=_fix(estate, policy.at("trafficSplit", index), item, key),
                )


def _fix(estate: Estate, at: Ref, item: dict[str, object], key: str) -> tuple[Edit, ...]:
    """Write the default that holds already."""
    if key in item or not edits.is_own(estate, at) or dig(at.document.value, at.pointer) != item:
        return ()
    return (Edit(at, Action.INSERT, key, DEFAULTS[key]),)
