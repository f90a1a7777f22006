"""An active GSLB site answers no queries.

What it finds:
    An active site of a GSLB configuration without `dns_vses`, and one whose DNS virtual service is not the one that
    `avi/gslb.json` makes on its controller.

Why it matters:
    The site has GSLB's configuration and nobody to ask it. When it is delegated to, as every site of an
    active-active estate is, each resolver that picks it waits for a time-out; when the other site is lost, all names
    are.
    Source: alb-sdk 22.1.2 GslbSite.dns_vses; Avi documentation, DNS virtual service for GSLB.

Bad:
    sites: [{name: site02, member_type: GSLB_ACTIVE_MEMBER, dns_vses: []}]

Good:
    sites: [{name: site02, member_type: GSLB_ACTIVE_MEMBER, dns_vses: [{dns_vs: g-dns-vs-site02}]}]

Fix:
    Name the site's DNS virtual service; a site without one is a passive member.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import GslbConfiguration, Part, is_active
from validator.rules import rule


@rule("AVI115", Severity.ERROR, sources=("GSLB-10", "alb-sdk 22.1.2 GslbSite"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for site in found.sites:
            if is_active(site):
                yield from _problems(found, site)


def _problems(found: GslbConfiguration, site: Part) -> Iterator[Problem]:
    name, given = site.get("name"), site.get("dns_vses")
    if isinstance(given, str):
        return
    if not given:
        at = site.at("dns_vses") if "dns_vses" in site.data else site.at(key=True)
        yield Problem(at, f"active site `{name}` has no DNS virtual service in `dns_vses`")
        return
    own = found.controller(name) if found.is_data and isinstance(name, str) else None
    made = own.text("virtualservice", "name") if own else None
    for service in site.parts("dns_vses"):
        key = "dns_vs" if found.is_data else "dns_vs_uuid"
        if not isinstance(service.get(key), str) or not service.get(key):
            yield Problem(service.at(key=True), f"a DNS virtual service of site `{name}` has no `{key}`")
        elif own and made and service.text(key) != made:
            text = (
                f"DNS virtual service `{service.get(key)}` of site `{name}` is not `{made}`, the one of its controller"
            )
            yield Problem(service.at(key), text, ((own.at("virtualservice", "name"), "made here"),))
