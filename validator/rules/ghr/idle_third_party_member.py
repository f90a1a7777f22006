"""A third-party member that gets no traffic while a cluster is up.

What it finds:
    A site of `thirdPartyMembers` that `trafficSplit` of the same GSLBHostRule does not name, beside clusters with a higher priority.

Why it matters:
    A third-party member has weight 1 and priority 1 unless the GSLBHostRule's `trafficSplit` names its site; the policy does not count
    for it. Clusters have priority 10 by default, so the member is a last resort, which is rarely what was meant.
    Source: AMKO gslb/nodes/node_utils.go getThirdPartyMemberWeight, getThirdPartyMemberPriority (1.9.1 to 2.1.1).

Bad:
    spec:
      fqdn: shop.avi.example.com
      thirdPartyMembers: [{site: aws, vip: 203.0.113.10}]

Good:
    spec:
      fqdn: shop.avi.example.com
      thirdPartyMembers: [{site: aws, vip: 203.0.113.10}]
      trafficSplit:
        - {cluster: a-admin@a, weight: 1, priority: 10}
        - {cluster: b-admin@b, weight: 1, priority: 10}
        - {cluster: aws, weight: 1, priority: 10}

Fix:
    Name the site in `trafficSplit` with the weight and priority that it is to have, 1 for a last resort.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ghr._shares import DEFAULT, matched, shares


@rule("GHR108", Severity.WARNING, sources=("GHR-07",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        listed = shares(estate, policy)
        for index, item in policy.items("thirdPartyMembers"):
            site = item.get("site")
            if not isinstance(site, str) or site in listed:
                continue
            others = {
                **matched(estate, policy),
                **{name: number for name, number in listed.items() if number is not None},
            }
            best = max(others.values(), default=DEFAULT)
            if best > DEFAULT:
                yield Problem(
                    policy.at("thirdPartyMembers", index, "site"),
                    f"third-party member `{site}` of {policy.title} is not in `spec.trafficSplit`: it has priority {DEFAULT} and gets "
                    f"no traffic while clusters with priority {best} are up",
                )
