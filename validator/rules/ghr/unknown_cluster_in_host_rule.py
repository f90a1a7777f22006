"""A GSLBHostRule that names a cluster which is no member.

What it finds:
    A `cluster` in `trafficSplit` or `publicIP` of a GSLBHostRule that is not in `configs.memberClusters` of the same AMKO and, in
    `trafficSplit`, not a site of `thirdPartyMembers` either.

Why it matters:
    In `trafficSplit` AMKO does not check the name: the entry has no effect, and the cluster that was meant keeps the shares of the
    policy. For `publicIP` it rejects the whole rule: `cluster X in Public IP not present in GSLBConfig`.
    Source: AMKO gslb/ingestion/gslb_host_rule.go ValidateGSLBHostRule; gslb/nodes/node_utils.go (1.9.1 to 2.1.1, publicIP from
    1.10.1 on).

Bad:
    spec: {fqdn: shop.avi.example.com, trafficSplit: [{cluster: a-amdin@a, weight: 1, priority: 20}]}

Good:
    spec: {fqdn: shop.avi.example.com, trafficSplit: [{cluster: a-admin@a, weight: 1, priority: 20}]}

Fix:
    Write the context as it stands in `configs.memberClusters`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import slip
from validator.federation.policies import host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ghr._shares import members


@rule("GHR106", Severity.ERROR, sources=("GHR-05", "GHR-10"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        known = members(estate, policy)
        if not known:
            continue
        sites = policy.texts("thirdPartyMembers", "site")
        for key, effect in (("trafficSplit", "AMKO ignores the entry"), ("publicIP", "AMKO rejects the rule")):
            listed = policy.texts(key, "cluster")
            for index, item in policy.items(key):
                name = item.get("cluster")
                if not isinstance(name, str) or name in known or (key == "trafficSplit" and name in sites):
                    continue
                near = slip(name, known - listed)
                hint = f"; did you mean `{near}`?" if near else ""
                yield Problem(
                    policy.at(key, index, "cluster"),
                    f"`{name}` in `spec.{key}` of {policy.title} is no member cluster of this AMKO, and {effect}{hint}",
                    related=((policy.release.at("configs", "memberClusters"), "the member clusters"),)
                    if policy.release
                    else (),
                )
