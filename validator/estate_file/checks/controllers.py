"""GSLB on the Avi controllers: what each site's controller is given, and where the others reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.estate_file.checks.networks import cidr_flaw, parse_address, parse_network
from validator.estate_file.checks.view import Item, View, repeated
from validator.estate_file.flaw import Flaw, Pointer, shown

_REFERENCE = re.compile(r"[&?#%+{}]")
"""Characters that no reference `/api/cloud?name=...` of Avi's Ansible collection can hold."""


def placement(view: View) -> Iterator[Flaw]:
    """Find a DNS address outside of its network."""
    for site in view.sites:
        dns = site.block("avi", "dns")
        network = dns.block("network")
        text = network.data.get("cidr")
        if not text:
            continue
        if (flaw := cidr_flaw(text, network.place("cidr"))) is not None:
            yield flaw
            continue
        own, subnet = parse_address(dns.data.get("address") or ""), parse_network(text)
        if own is not None and subnet is not None and own not in subnet:
            message = f"`{own}` does not lie in {shown(text)}, the network that it is placed in"
            yield Flaw(dns.place("address"), message, related=network.place("cidr"))


def service_engines(view: View) -> Iterator[Flaw]:
    """Find a smallest number of service engines above the largest."""
    for site in view.sites:
        size = site.block("avi", "dns", "serviceEngines")
        least, most = size.data.get("min"), size.data.get("max")
        if least is not None and most is not None and least > most:
            at = size.place("max" if view.given(size, "max") else "min") if size.data else size.at
            yield Flaw(at, f"at least `{least}` service engines and at most `{most}` cannot be")


def tier1_router(view: View) -> Iterator[Flaw]:
    """Find a DNS virtual service in an overlay without its router, and a router where there is no overlay.

    NSX-T gives an address to a Tier-1 router (Avi VsVip.tier1_lr).
    """
    for site in view.sites:
        dns, kind = site.block("avi", "dns"), site.block("avi", "cloud").data.get("type")
        given = "tier1Router" in dns.data
        if given and kind and kind != "nsxt-overlay":
            message = f"`tier1Router` is for an NSX-T overlay cloud, this one is {shown(kind)}"
            yield Flaw(dns.place("tier1Router"), message, key=True)
        if kind != "nsxt-overlay" or given:
            continue
        own = [c.block("ako").data for c in view.clusters if c.owner is not None and c.owner.at == site.at]
        routers = {ako.get("nsxtT1LR") for ako in own if ako.get("enabled")} - {None}
        if dns.data and len(routers) > 1:
            message = f"`dns` of `{site.name}` needs `tier1Router`: its clusters have {len(routers)} different ones"
            yield Flaw(dns.at, message, key=True)


def member_addresses(view: View) -> Iterator[Flaw]:
    """Find addresses of GSLB sites that are none, or that two sites have."""
    alone, used = [], []
    for site in view.sites:
        avi, member = site.block("avi"), site.block("avi", "gslb")
        given = list(member.listed("addresses"))
        for text, at in given:
            if _is_numeric(text) and parse_address(text) is None:
                yield Flaw(at, f"{shown(text)} is not an IP address")
        used += [(_plain(text), at) for text, at in given]
        if not given:
            alone.append((_plain(avi.data.get("controller")), avi.place("controller")))
    hint = "every site's controllers have addresses of their own"
    yield from (flaw for flaw in repeated([*alone, *used], "address", hint) if flaw.pointer[-1] != "controller")
    yield from _dns_as_member(view, used)


def _dns_as_member(view: View, used: list[tuple[str | None, Pointer]]) -> Iterator[Flaw]:
    for site in view.sites:
        dns = site.block("avi", "dns")
        own = _plain(dns.data.get("address"))
        for text, at in used:
            if own and text == own:
                message = f"{shown(own)} is the address of the DNS virtual service of `{site.name}`, no controller's"
                yield Flaw(at, message, related=dns.place("address"))


def references(view: View) -> Iterator[Flaw]:
    """Find names that Avi's Ansible collection cannot refer to."""
    if view.root.block("gslb").data.get("automation") != "ansible":
        return
    for item, key in _named(view):
        name = item.data.get(key)
        if isinstance(name, str) and (found := _REFERENCE.search(name)):
            message = f"{shown(name)} has `{found[0]}` in it, which no reference of Avi's Ansible collection can hold"
            yield Flaw(item.place(key), message, "rename it in Avi, or use `automation: terraform`")


def _named(view: View) -> Iterator[tuple[Item, str]]:
    gslb = view.root.block("gslb")
    yield gslb, "name"
    yield gslb.block("dnsProfile"), "name"
    for site in view.sites:
        avi = site.block("avi")
        yield avi.block("cloud"), "name"
        yield avi.block("dns"), "virtualService"
        yield avi.block("dns"), "serviceEngineGroup"
        yield avi.block("dns", "network"), "name"


CHECKS = (placement, service_engines, tier1_router, member_addresses, references)


def _is_numeric(text: str) -> bool:
    return ":" in text or text.rpartition(".")[2].isdecimal()


def _plain(text: str | None) -> str | None:
    found = parse_address(text) if text else None
    return str(found) if found else text.lower() if text else None
