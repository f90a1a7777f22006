"""A global name below `.local`.

What it finds:
    Hosts of Ingresses in clusters whose applications AMKO publishes, names of DNSEndpoints, and declared GSLB
    domains that end in `.local`.

Why it matters:
    Names below `.local` are resolved by multicast DNS: many clients (macOS, systemd-resolved, Avahi) never ask
    a DNS server for them, so the application is found by some and not by others.
    Source: RFC 6762 section 3; RFC 8375 for `home.arpa`.

Bad:
    host: shop.gslb.corp.local

Good:
    host: shop.gslb.corp.internal

Fix:
    Use a domain that you own, `home.arpa`, or `internal`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.dns._records import plain, records
from validator.rules.dns.invalid_host import hosts


@rule("DNS105", Severity.WARNING, sources=("DNS-05", "RFC 6762 section 3"))
def check(estate: Estate) -> Iterator[Problem]:
    for name, at in _names(estate):
        if plain(name).endswith(".local"):
            yield Problem(
                at, f"`{name}` ends in `.local`, which many clients resolve by multicast and never ask DNS for"
            )


def _names(estate: Estate) -> Iterator[tuple[str, Ref]]:
    for federation in estate.federations:
        for cluster in federation.clusters:
            for ingress in cluster.of("Ingress", "networking.k8s.io"):
                yield from hosts(ingress)
    for record in records(estate):
        yield record.name, record.name_at
    domains = dig(estate.declared.data, ("gslb", "domains")) if estate.declared else None
    for index, domain in enumerate(domains if isinstance(domains, list) else []):
        if isinstance(domain, str) and estate.declared:
            yield domain, estate.declared.at("gslb", "domains", index)
