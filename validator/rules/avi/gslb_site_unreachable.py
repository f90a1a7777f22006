"""A GSLB site says wrongly where its controller is reached.

What it finds:
    A site of a GSLB configuration with no `ip_addresses` or more than three, an address that is not of its `type`
    (`V4`, `V6` or `DNS`), and a `port` outside of 1 to 65535.

Why it matters:
    The addresses are those of the controller cluster or of its nodes, three at most; the controller refuses more.
    Followers are polled there: a site that is not reached is taken as down, and its members leave the answers.
    Source: alb-sdk 22.1.2 GslbSite.ip_addresses, IpAddr.type.

Bad:
    ip_addresses: [{addr: avi-01.example.com, type: V4}]

Good:
    ip_addresses: [{addr: avi-01.example.com, type: DNS}]

Fix:
    Give the controller's address, or those of its nodes, with their type.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import Part
from validator.rules import rule

MOST = 3


@rule("AVI112", Severity.ERROR, sources=("GSLB-03", "alb-sdk 22.1.2 GslbSite"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        for site in found.sites:
            yield from _addresses(site)
            yield from _port(site)


def _addresses(site: Part) -> Iterator[Problem]:
    given = site.get("ip_addresses")
    if isinstance(given, str) or (given is None and site.text("address")):
        return
    parts, name = site.parts("ip_addresses"), site.get("name")
    if not parts:
        at = site.at("ip_addresses") if "ip_addresses" in site.data else site.at(key=True)
        yield Problem(at, f"site `{name}` has no address in `ip_addresses`; 1 to {MOST} are needed")
    elif len(parts) > MOST:
        text = f"site `{name}` has {len(parts)} addresses in `ip_addresses`; {MOST} are allowed, one for each node"
        yield Problem(site.at("ip_addresses"), text)
    for part in parts:
        address, kind = part.text("addr"), part.get("type")
        if not address:
            if not isinstance(part.get("addr"), str):
                yield Problem(part.at(key=True), f"an address of site `{name}` has no `addr`")
        elif isinstance(kind, str) and "{{" not in kind and kind != (real := _kind(address)):
            yield Problem(part.at("type"), f"`type` of `{address}` is `{kind}`, it is `{real}`")
        elif not isinstance(kind, str):
            yield Problem(part.at(key=True), f"`{address}` has no `type`; it is `{_kind(address)}`")


def _port(site: Part) -> Iterator[Problem]:
    port = site.get("port")
    if isinstance(port, int) and not isinstance(port, bool) and not 0 < port < 65536:
        yield Problem(site.at("port"), f"`port` of site `{site.get('name')}` is `{port}`; allowed is 1 to 65535")


def _kind(text: str) -> str:
    try:
        return f"V{ip_address(text).version}"
    except ValueError:
        return "DNS"
