"""A combination of down response settings that AMKO refuses.

What it finds:
    In `downResponse`: `fallbackIP` missing or no IPv4 address with `GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP`, or given with another
    type.

Why it matters:
    AMKO refuses the policy: `Fallback IP is required for …`, `Fallback IP X is not valid`, `Fallback IP is not allowed for …`. A
    policy that is refused when AMKO starts counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gslb_host_rule.go isGSLBDownResponseValid; gslb/nodes AviGSBuild (1.9.1 to 2.1.1).

Bad:
    downResponse: {type: GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP}

Good:
    downResponse:
      type: GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP
      fallbackIP: 192.0.2.80

Fix:
    Give `fallbackIP` an IPv4 address with FALLBACK_IP, and leave it out with every other type.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.federation.refusals import down_response
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP108", Severity.ERROR, sources=("GDP-14",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        yield from down_response(policy)
