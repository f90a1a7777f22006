"""A GSLBHostRule with health monitors both by reference and by template.

What it finds:
    A GSLBHostRule with `healthMonitorRefs` and `healthMonitorTemplate`.

Why it matters:
    AMKO rejects the rule, and takes back what an earlier, accepted version of it had set.
    `health monitor reference and template cannot be specified together`.
    Source: AMKO gslb/ingestion/gslb_host_rule.go ValidateGSLBHostRule, UpdateGSLBHostRuleObj (1.9.1 to 2.1.1).

Bad:
    spec: {fqdn: shop.avi.example.com, healthMonitorRefs: [hm-https], healthMonitorTemplate: hm-template}

Good:
    spec: {fqdn: shop.avi.example.com, healthMonitorRefs: [hm-https]}

Fix:
    Keep one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.federation.refusals import health_monitors
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GHR111", Severity.ERROR, sources=("GHR-11", "GDP-06"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        yield from health_monitors(policy)
