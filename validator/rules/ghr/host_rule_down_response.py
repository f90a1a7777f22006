"""A GSLBHostRule with a combination of down response settings that AMKO refuses.

What it finds:
    In `downResponse` of a GSLBHostRule: `fallbackIP` missing or no IPv4 address with FALLBACK_IP, or given with another type.

Why it matters:
    AMKO rejects the rule, and takes back what an earlier, accepted version of it had set.
    Source: AMKO gslb/ingestion/gslb_host_rule.go isGSLBDownResponseValid (1.9.1 to 2.1.1).

Bad:
    spec:
      fqdn: shop.avi.example.com
      downResponse: {type: GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP}

Good:
    spec:
      fqdn: shop.avi.example.com
      downResponse: {type: GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP, fallbackIP: 192.0.2.80}

Fix:
    Give `fallbackIP` an IPv4 address with FALLBACK_IP, and leave it out with every other type.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.federation.refusals import down_response
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GHR113", Severity.ERROR, sources=("GHR-11", "GDP-14"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        yield from down_response(policy)
