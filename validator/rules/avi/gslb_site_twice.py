"""Two sites of a GSLB configuration have a name, an address or a cluster in common.

What it finds:
    A name, a `cluster_uuid` or an address in `ip_addresses` that two sites of one GSLB configuration have, and a
    controller that `avi/gslb.json` gives to two sites.

Why it matters:
    A site is one controller cluster. With the same one twice, the leader refuses the second site, or it takes its
    configuration from itself and the other controller gets none: its DNS virtual service answers for nothing.
    Source: alb-sdk 22.1.2 GslbSite; Avi documentation, GSLB site configuration.

Bad:
    sites: [{name: site01, ip_addresses: [{addr: 192.0.2.10}]}, {name: site02, ip_addresses: [{addr: 192.0.2.10}]}]

Good:
    sites: [{name: site01, ip_addresses: [{addr: 192.0.2.10}]}, {name: site02, ip_addresses: [{addr: 198.51.100.10}]}]

Fix:
    Give every site its own controller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import Part
from validator.rules import rule
from validator.rules.amk._controllers import host_of

Named = tuple[str, Part, str, int]
"""A text, the mapping and the key in it that have it, and the index of the site."""


@rule("AVI111", Severity.ERROR, sources=("GSLB-02", "alb-sdk 22.1.2 GslbSite"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        yield from _twice("name", _texts(found.sites, "name"))
        yield from _twice("cluster", _texts(found.sites, "cluster_uuid"))
        yield from _twice("address", _addresses(found.sites))
        yield from _twice("site", _texts(found.controllers, "site"))
        yield from _twice("controller", _texts(found.controllers, "controller"))


def _texts(parts: Iterable[Part], key: str) -> Iterator[Named]:
    for index, part in enumerate(parts):
        if text := part.text(key):
            yield host_of(text), part, key, index


def _addresses(sites: Iterable[Part]) -> Iterator[Named]:
    for index, site in enumerate(sites):
        for address in site.parts("ip_addresses"):
            if text := address.text("addr"):
                yield host_of(text), address, "addr", index


def _twice(what: str, named: Iterable[Named]) -> Iterator[Problem]:
    first: dict[str, Named] = {}
    for one in named:
        text, part, key, owner = one
        _, before, before_key, other = first.setdefault(text, one)
        if other != owner:
            note = ((before.at(before_key), "the first use"),)
            yield Problem(part.at(key), f"{what} `{text}` is that of another site already", note)
