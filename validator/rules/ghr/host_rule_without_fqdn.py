"""A GSLBHostRule for no name.

What it finds:
    A GSLBHostRule without `spec.fqdn`, or with an empty one.

Why it matters:
    AMKO rejects it: `GSFqdn missing for X GSLBHostRule`. Its settings apply to no GSLB service.
    Source: AMKO gslb/ingestion/gslb_host_rule.go ValidateGSLBHostRule (1.9.1 to 2.1.1).

Bad:
    kind: GSLBHostRule
    spec: {ttl: 10}

Good:
    kind: GSLBHostRule
    spec: {fqdn: shop.avi.example.com, ttl: 10}

Fix:
    Set `fqdn` to the name of the GSLB service: the host of the Ingress, or the global name in custom FQDN mode.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule


@rule("GHR101", Severity.ERROR, sources=("GHR-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        if policy.get("fqdn") in (MISSING, "") and not policy.open and not policy.told("fqdn"):
            yield Problem(policy.at("fqdn"), f"{policy.title} has no `fqdn`; AMKO rejects it")
