"""A cluster that never gets traffic.

What it finds:
    An entry of a `trafficSplit` with `priority: 0`, in a policy or in a GSLBHostRule.

Why it matters:
    AMKO accepts 0, and Avi leaves a pool with priority 0 out of every choice, even when all others are down. It is a way to
    drain a cluster for a while; left in Git it is a site that does not take over.
    Source: AMKO helm/amko/crds/gdp_def.yaml (minimum 0); Avi GSLB documentation, pool priority.

Bad:
    trafficSplit: [{cluster: b-admin@b, weight: 1, priority: 0}]

Good:
    trafficSplit: [{cluster: b-admin@b, weight: 1, priority: 1}]

Fix:
    Give a standby cluster a low priority above 0; keep 0 for the time of a maintenance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from validator.federation.policies import host_rules, policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP105", Severity.WARNING, sources=("GDP-04",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in chain(policies(estate), host_rules(estate)):
        for index, item in policy.items("trafficSplit"):
            priority = item.get("priority")
            if priority == 0 and not isinstance(priority, bool):
                yield Problem(
                    policy.at("trafficSplit", index, "priority"),
                    f"`{item.get('cluster')}` has priority 0 in {policy.title}: it gets no traffic even when all others are down; "
                    "the lowest priority that serves is 1",
                )
