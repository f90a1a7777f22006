"""Two GSLBHostRules for one name.

What it finds:
    Two GSLBHostRules with the same `fqdn` in one cluster, in whatever namespaces.

Why it matters:
    AMKO takes the first that it meets and rejects the other: `there's an existing GSLBHostRule for the same FQDN`. Which one is
    first is open at every start, so traffic can change with a restart of the pod.
    Source: AMKO gslb/ingestion/gslb_host_rule.go AddGSLBHostRuleObj, handleGSLBHostRuleFQDNUpdate (1.9.1 to 2.1.1).

Bad:
    # namespace avi-system
    spec: {fqdn: shop.avi.example.com, ttl: 10}
    ---
    # namespace shop
    spec: {fqdn: shop.avi.example.com, ttl: 30}

Good:
    # one object only
    spec: {fqdn: shop.avi.example.com, ttl: 10}

Fix:
    Put all settings of a name into one GSLBHostRule.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import Policy, host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GHR102", Severity.ERROR, sources=("GHR-02",))
def check(estate: Estate) -> Iterator[Problem]:
    seen: dict[tuple[int, str], Policy] = {}
    for policy in host_rules(estate):
        name = policy.get("fqdn")
        if not isinstance(name, str) or not name:
            continue
        first = seen.setdefault((id(policy.cluster), name), policy)
        if first is not policy:
            yield Problem(
                policy.at("fqdn"),
                f"{policy.title} is for `{name}`, as {first.title} is already; AMKO takes one of them and rejects the other",
                related=((first.at("fqdn"), "the first"),),
            )
