"""A DNS virtual service drops what it does not know.

What it finds:
    A DNS application profile in `avi/gslb.json` whose `error_response` is not given or is `DNS_ERROR_RESPONSE_NONE`.

Why it matters:
    That is Avi's default: a query for a name that is not there gets no answer at all. The client waits for a
    time-out in place of a name error, and resolvers take the server for dead and ask it less, for the names that it
    does know too.
    Source: alb-sdk 22.1.2 DnsServiceApplicationProfile.error_response (default DNS_ERROR_RESPONSE_NONE).

Bad:
    dns_service_profile: {error_response: DNS_ERROR_RESPONSE_NONE}

Good:
    dns_service_profile: {error_response: DNS_ERROR_RESPONSE_ERROR}

Fix:
    Write `error_response: DNS_ERROR_RESPONSE_ERROR`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

RESPONSE = "error_response"
NONE, ERROR = "DNS_ERROR_RESPONSE_NONE", "DNS_ERROR_RESPONSE_ERROR"


@rule("AVI120", Severity.WARNING, sources=("GSLB-14", "alb-sdk 22.1.2 DnsServiceApplicationProfile"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for part in found.controllers:
            for profile in part.parts("applicationprofile", "dns_service_profile")[:1]:
                given = profile.get(RESPONSE)
                if given is None or given == NONE:
                    said = "does not say `error_response`" if given is None else f"has `{NONE}`"
                    at = profile.at(RESPONSE) if RESPONSE in profile.data else profile.at(key=True)
                    text = f"the DNS profile of site `{part.get('site')}` {said}, so that it drops unknown names; use `{ERROR}`"
                    yield Problem(at, text)
