"""A traffic split that leaves clusters out.

What it finds:
    A policy whose `trafficSplit` names some of the clusters in `matchClusters`, but not all.

Why it matters:
    A cluster that is not named gets weight 1 and priority 10, and the members with the highest priority take all traffic. With
    listed priorities below 10, everything goes to the clusters that nobody thought of; above 10, they get nothing.
    Source: AMKO gslb/gslbutils/gdputils.go GetTrafficWeight, GetTrafficPriority (1.9.1 to 2.1.1); docs/crds/gdp.md.

Bad:
    matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]
    trafficSplit: [{cluster: a-admin@a, weight: 8, priority: 5}]

Good:
    matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]
    trafficSplit: [{cluster: a-admin@a, weight: 8, priority: 10}, {cluster: b-admin@b, weight: 2, priority: 10}]

Fix:
    Name every cluster of `matchClusters` in `trafficSplit`, or leave `trafficSplit` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import gdp
from validator.federation.policies import Policy, policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.gdp._names import contexts, naming_of

UNLISTED = gdp.DEFAULT_PRIORITY


@rule("GDP104", Severity.WARNING, sources=("GDP-05",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        naming = naming_of(estate, policy)
        split, matched = contexts(policy, "trafficSplit", naming), contexts(policy, "matchClusters", naming)
        missing = [context for context in matched if context is not None and context not in split]
        if not split or not missing or None in split or policy.told("trafficSplit"):
            continue
        effect, severity = _effect(policy)
        names = ", ".join(f"`{name}`" for name in missing[:4]) + (
            f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        )
        yield Problem(
            policy.at("trafficSplit"),
            f"`{policy.path('trafficSplit')}` of {policy.title} leaves out {names}; clusters that are left out have weight 1 and "
            f"priority {UNLISTED}, {effect}",
            related=((policy.at("matchClusters"), "the clusters of the policy"),),
            severity=severity,
        )


def _effect(policy: Policy) -> tuple[str, Severity]:
    given = [item.get("priority", UNLISTED) for _, item in policy.items("trafficSplit")]
    highest = max((number for number in given if isinstance(number, int)), default=UNLISTED)
    if highest < UNLISTED:
        return f"and take all traffic from those that are listed with at most {highest}", Severity.ERROR
    if highest > UNLISTED:
        return f"and get no traffic while those with {highest} are up", Severity.WARNING
    return "list all clusters or none", Severity.WARNING
