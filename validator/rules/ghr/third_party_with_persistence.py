"""Third-party members in a GSLB service with site persistence.

What it finds:
    A GSLBHostRule with `thirdPartyMembers` and `sitePersistence.enabled: true`, or without `sitePersistence` where the policy has a
    `sitePersistenceRef`, which the rule then inherits.

Why it matters:
    Site persistence needs an Avi proxy in every site, and a third-party site has none: the documentation rules the two out together,
    and Avi refuses the GSLB service.
    Source: AMKO docs/crds/gslbhostrule.md; gslb/nodes/node_utils.go getSitePersistence (1.9.1 to 2.1.1).

Bad:
    spec:
      fqdn: shop.avi.example.com
      thirdPartyMembers: [{site: aws, vip: 203.0.113.10}]
      sitePersistence: {enabled: true, profileRef: gap-1}

Good:
    spec:
      fqdn: shop.avi.example.com
      thirdPartyMembers: [{site: aws, vip: 203.0.113.10}]
      sitePersistence: {enabled: false}

Fix:
    Set `sitePersistence: {enabled: false}` in the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules, policies_of
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule


@rule("GHR109", Severity.ERROR, sources=("GHR-08",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        if not policy.items("thirdPartyMembers"):
            continue
        own = policy.get("sitePersistence")
        if isinstance(own, dict) and own.get("enabled") is True:
            yield Problem(
                policy.at("sitePersistence", "enabled"),
                f"{policy.title} has third-party members, for which site persistence must be off",
                related=((policy.at("thirdPartyMembers", key=True), "the third-party members"),),
            )
        elif own is MISSING:
            for other in policies_of(policy.cluster):
                reference = other.get("sitePersistenceRef")
                if isinstance(reference, str) and reference:
                    yield Problem(
                        policy.at("thirdPartyMembers", key=True),
                        f"{policy.title} has third-party members and takes site persistence `{reference}` from the policy; write "
                        "`sitePersistence: {enabled: false}`",
                        related=((other.at("sitePersistenceRef"), "site persistence of the policy"),),
                    )
