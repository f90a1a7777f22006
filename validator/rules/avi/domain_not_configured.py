"""A GSLB site's DNS virtual service is to serve a domain that GSLB does not have.

What it finds:
    A name in `dns_vses[].domain_names` of a site that is not one of the configuration's `dns_configs`.

Why it matters:
    `domain_names` chooses among the domains of the configuration. The controller refuses another one; and a domain
    that was meant stays without a virtual service in that site, which answers nothing for it although it is
    delegated.
    Source: alb-sdk 22.1.2 GslbSiteDnsVs.domain_names, Gslb.dns_configs.

Bad:
    dns_configs: [{domain_name: avi.example.com}]
    sites: [{dns_vses: [{domain_names: [gslb.example.com]}]}]

Good:
    sites: [{dns_vses: [{domain_names: [avi.example.com]}]}]

Fix:
    Name domains of `dns_configs`; an empty list serves all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import is_expression
from validator.rules import rule


@rule("AVI114", Severity.ERROR, sources=("GSLB-04", "alb-sdk 22.1.2 GslbSiteDnsVs"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        known = [domain.lower().rstrip(".") for domain, _ in found.domains]
        if not known or len(known) != len(found.gslb.get("dns_configs")):
            continue
        listed = ", ".join(f"`{domain}`" for domain in known[:5])
        for site in found.sites:
            for service in site.parts("dns_vses"):
                for name, at in service.items("domain_names"):
                    if isinstance(name, str) and not is_expression(name) and name.lower().rstrip(".") not in known:
                        related = ((found.gslb.at("dns_configs"), "the domains of GSLB"),)
                        yield Problem(at, f"`{name}` is none of the domains of GSLB, which are {listed}", related)
