"""A DNS virtual service does not answer on both UDP and TCP port 53.

What it finds:
    A `virtualservice` of `avi/gslb.json` that has no service on port 53 with a UDP network profile, or none with a
    TCP one. A service has the profile of the virtual service unless it overrides it; of a profile that is not Avi's
    own the rule knows what its name says.

Why it matters:
    An answer that does not fit into a datagram comes back truncated, and the resolver asks again over TCP: without
    TCP 53 that name cannot be resolved. Avi's user interface makes a DNS virtual service with UDP alone.
    Source: RFC 7766 section 5; VMware terraform-vsphere-avi-alb-deployment-vsphere, services of the DNS VS.

Bad:
    services: [{port: 53, port_range_end: 53}]

Good:
    services: [{port: 53}, {port: 53, override_network_profile_ref: "/api/networkprofile?name=System-TCP-Proxy"}]

Fix:
    Add a second service on port 53 that overrides the network profile with `System-TCP-Proxy`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import Part
from validator.rules import rule

PORT = 53


@rule("AVI117", Severity.WARNING, sources=("GSLB-13", "RFC 7766 section 5"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for part in found.controllers:
            for service in part.parts("virtualservice")[:1]:
                yield from _problems(service, part.text("site"))


def _problems(service: Part, site: str | None) -> Iterator[Problem]:
    kinds = {_protocol(profile) for profile in _profiles(service)}
    if "" in kinds:
        return
    at = service.at("services") if "services" in service.data else service.at(key=True)
    for kind in ("UDP", "TCP"):
        if kind not in kinds:
            text = f"DNS virtual service `{service.get('name')}` of site `{site}` does not answer on {kind} {PORT}"
            yield Problem(at, text)


def _profiles(service: Part) -> Iterator[str]:
    for item in service.parts("services"):
        port = item.get("port")
        end = item.get("port_range_end") or port
        if isinstance(port, int) and isinstance(end, int) and port <= PORT <= end:
            yield str(item.get("override_network_profile_ref") or service.get("network_profile_ref"))


def _protocol(profile: str) -> str:
    name = profile.lower()
    return "TCP" if "tcp" in name else "UDP" if "udp" in name else ""
