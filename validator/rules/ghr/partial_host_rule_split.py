"""A GSLBHostRule whose traffic split leaves clusters out, or leaves a priority to the default.

What it finds:
    A `trafficSplit` of a GSLBHostRule that does not name every cluster of the policy, and entries without `priority` beside
    clusters with another one.

Why it matters:
    A cluster that the GSLBHostRule names without a priority has 1, a cluster that it does not name has that of the policy, else 10
    (the documentation says 10 for both). Avi sends all traffic to the highest priority: a split that names the preferred cluster
    only, without a priority, sends everything to the others.
    Source: AMKO helm/amko/crds/gslbhostrule_def.yaml (priority default 1); gslb/nodes/node_utils.go getK8sMemberPriority;
    docs/crds/gslbhostrule.md (1.9.1 to 2.1.1).

Bad:
    spec:
      fqdn: shop.avi.example.com
      trafficSplit: [{cluster: a-admin@a, weight: 10}]

Good:
    spec:
      fqdn: shop.avi.example.com
      trafficSplit: [{cluster: a-admin@a, weight: 1, priority: 20}, {cluster: b-admin@b, weight: 1, priority: 10}]

Fix:
    Name every cluster of the policy, each with `weight` and `priority`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import Policy, host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ghr._shares import DEFAULT, matched, members, shares


@rule("GHR105", Severity.WARNING, sources=("GHR-05",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        listed = shares(estate, policy)
        if not listed or policy.told("trafficSplit"):
            continue
        if known := members(estate, policy):
            sites = policy.texts("thirdPartyMembers", "site")
            if listed.keys() - known - sites:
                continue  # a name that means nothing, which another rule tells
        others = {name: share for name, share in matched(estate, policy).items() if name not in listed}
        silent = [index for index, item in policy.items("trafficSplit") if item.get("priority") is None]
        if others:
            yield _left_out(policy, listed, others)
        elif silent and len({priority for priority in listed.values() if priority is not None}) > 1:
            for index in silent:
                name = policy.get("trafficSplit", index, "cluster")
                yield Problem(
                    policy.at("trafficSplit", index),
                    f"`{name}` has no `priority` in {policy.title}, other clusters have one; it is {DEFAULT} then, the lowest",
                )


def _left_out(policy: Policy, listed: dict[str, int | None], others: dict[str, int]) -> Problem:
    names = ", ".join(f"`{name}`" for name in list(others)[:4]) + (
        f" and {len(others) - 4} more" if len(others) > 4 else ""
    )
    best = max((priority for priority in listed.values() if priority is not None), default=DEFAULT)
    rest = max(others.values())
    severity = Severity.WARNING
    if best < rest:
        effect = f"all traffic goes there, with priority {rest} against at most {best} of those that are named"
        severity = Severity.ERROR
    elif best > rest:
        effect = f"no traffic goes there while clusters with priority {best} are up, against {rest}"
    else:
        effect = "the policy alone decides on their share"
    return Problem(
        policy.at("trafficSplit"),
        f"`spec.trafficSplit` of {policy.title} leaves out {names}: {effect}; name every cluster with weight and priority",
        severity=severity,
    )
