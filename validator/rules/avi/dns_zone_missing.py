"""A DNS virtual service is not authoritative for a domain of GSLB.

What it finds:
    A controller of `avi/gslb.json` whose DNS application profile has no `dns_zones` entry for a domain of
    `dns_configs`, or for one above it, and a virtual service with Avi's `System-DNS`, which has none at all.

Why it matters:
    Without a zone there is no SOA and no NS record: checks of the delegation fail, which is why the delegation
    wizard of Windows cannot validate the server, and resolvers may not keep that a name does not exist.
    Source: alb-sdk 22.1.2 DnsServiceApplicationProfile.dns_zones; RFC 2308 section 3.

Bad:
    dns_service_profile: {error_response: DNS_ERROR_RESPONSE_ERROR}

Good:
    dns_service_profile: {dns_zones: [{domain_name: avi.example.com, admin_email: hostmaster@example.com}]}

Fix:
    Give the virtual service a profile of its own, with each domain of GSLB as a zone.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import GslbConfiguration, Part
from validator.rules import rule

ZONES = ("applicationprofile", "dns_service_profile", "dns_zones")
PROFILE = ("virtualservice", "application_profile_ref")


@rule("AVI119", Severity.WARNING, sources=("GSLB-14", "alb-sdk 22.1.2 DnsServiceApplicationProfile"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for part in found.controllers:
            yield from _problems(found, part)


def _problems(found: GslbConfiguration, part: Part) -> Iterator[Problem]:
    site, profile = part.get("site"), part.text(*PROFILE)
    if profile and profile.rpartition("name=")[2] == "System-DNS":
        yield Problem(
            part.at(*PROFILE), f"the DNS virtual service of site `{site}` has `System-DNS`, which has no zones"
        )
        return
    zones = [str(zone.get("domain_name")).lower().rstrip(".") for zone in part.parts(*ZONES)]
    at = part.at(*ZONES) if part.get(*ZONES) is not None else part.at(key=True)
    for domain, said in found.domains:
        plain = domain.lower().rstrip(".")
        if not any(plain == zone or plain.endswith(f".{zone}") for zone in zones):
            text = f"the DNS profile of site `{site}` has no zone for `{plain}`"
            yield Problem(at, text, ((said, "a domain of GSLB"),))
