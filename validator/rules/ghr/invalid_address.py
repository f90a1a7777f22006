"""A GSLBHostRule with an address that is none.

What it finds:
    `thirdPartyMembers[].vip` or `publicIP[].ip` of a GSLBHostRule that is no IP address, and `publicIP` with an AMKO before 1.10.1,
    which does not know it.

Why it matters:
    AMKO rejects the whole rule: `Invalid VIP for thirdPartyMember site X (expecting IP address)`, `Invalid IP for site X`. A name
    instead of an address is not looked up.
    Source: AMKO gslb/ingestion/gslb_host_rule.go ValidateGSLBHostRule; helm/amko/crds/gslbhostrule_def.yaml (1.9.1 to 2.1.1).

Bad:
    spec: {fqdn: shop.avi.example.com, thirdPartyMembers: [{site: aws, vip: shop.example.org}]}

Good:
    spec: {fqdn: shop.avi.example.com, thirdPartyMembers: [{site: aws, vip: 203.0.113.10}]}

Fix:
    Write an IP address.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.policies import host_rules
from validator.federation.refusals import is_address
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

PLACES = (("thirdPartyMembers", "vip", "site"), ("publicIP", "ip", "cluster"))


@rule("GHR107", Severity.ERROR, sources=("GHR-06", "GHR-10"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        for key, field, name in PLACES:
            for index, item in policy.items(key):
                text = item.get(field)
                missing = text in (None, "")
                if (missing and key == "thirdPartyMembers") or (
                    isinstance(text, str) and text and not is_address(text)
                ):
                    what = "has no address" if missing else f"is `{text}`, which is no IP address"
                    yield Problem(
                        policy.at(key, index, field),
                        f"`{key}.{field}` of `{item.get(name)}` in {policy.title} {what}; AMKO rejects the rule",
                    )
        if policy.items("publicIP") and policy.version is not None and amko.has(policy.version, "publicIp") is False:
            yield Problem(
                policy.at("publicIP", key=True),
                f"`publicIP` of {policy.title} is not known to AMKO {policy.version}; it came with 1.10.1",
            )
