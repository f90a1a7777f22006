"""Site persistence without a profile.

What it finds:
    A GSLBHostRule with `sitePersistence.enabled: true` and no `profileRef`, or an empty one.

Why it matters:
    AMKO looks for a profile without a name, finds none and rejects the whole rule: `SitePersistence Profile  error for X
    GSLBHostRule`. The profile of the policy is not taken instead.
    Source: AMKO gslb/ingestion/gslb_host_rule.go ValidateGSLBHostRule (1.9.1 to 2.1.1).

Bad:
    spec: {fqdn: shop.avi.example.com, sitePersistence: {enabled: true}}

Good:
    spec: {fqdn: shop.avi.example.com, sitePersistence: {enabled: true, profileRef: gap-1}}

Fix:
    Name a federated persistence profile, or leave `sitePersistence` out to inherit that of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GHR110", Severity.ERROR, sources=("GHR-09",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        block = policy.get("sitePersistence")
        if isinstance(block, dict) and block.get("enabled") is True and block.get("profileRef") in (None, ""):
            yield Problem(
                policy.at("sitePersistence", "profileRef"),
                f"`sitePersistence` of {policy.title} is on without a `profileRef`; AMKO rejects the rule",
            )
