"""The address of a DNS virtual service is left to Avi.

What it finds:
    A `vsvip` of `avi/gslb.json` with `auto_allocate_ip: true`, or with an address that is missing.

Why it matters:
    The parent zone names the address in its delegation (glue), which is made before and outlives the virtual
    service. An address from a pool is known only afterwards and is another one after the object was made anew: the
    delegation then leads to nothing.
    Source: alb-sdk 22.1.2 Vip.auto_allocate_ip; RFC 1034 section 4.2.1.

Bad:
    vip: [{vip_id: "0", auto_allocate_ip: true}]

Good:
    vip: [{vip_id: "0", auto_allocate_ip: false, ip_address: {addr: 192.0.2.53, type: V4}}]

Fix:
    Give the address that the parent zone delegates to.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import Part
from validator.rules import rule


@rule("AVI118", Severity.WARNING, sources=("GSLB-13", "alb-sdk 22.1.2 Vip"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for part in found.controllers:
            for vsvip in part.parts("vsvip")[:1]:
                yield from _problems(vsvip, part.text("site"))


def _problems(vsvip: Part, site: str | None) -> Iterator[Problem]:
    vips = vsvip.parts("vip")
    if not vips:
        at = vsvip.at("vip") if "vip" in vsvip.data else vsvip.at(key=True)
        yield Problem(at, f"`{vsvip.get('name')}` of site `{site}` has no address; the delegation needs a static one")
    for vip in vips:
        if vip.get("auto_allocate_ip") is True:
            text = f"the DNS address of site `{site}` is allocated by Avi; the delegation needs a static one"
            yield Problem(vip.at("auto_allocate_ip"), text)
        elif not (vip.get("ip_address", "addr") or vip.get("ip6_address", "addr")):
            text = f"the DNS address of site `{site}` has no `ip_address`; the delegation needs a static one"
            yield Problem(vip.at(key=True), text)
