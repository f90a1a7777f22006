"""The delegation of the GSLB domains, computed once for all files under `dns/`.

Adds to the template's view of an estate: `zones[{name}]`, which the file of a zone is named after, and `delegation`:

    zone, ttl
    domains[{name, child}]      delegated domains, and the same relative to the zone
    covered[{name, by}]         domains below another one that is delegated: the cut above them is theirs too
    servers[{host, address, type, site, child}]    child: the name relative to the zone, empty outside of it
    addresses[]                 of all name servers
    lines[]                     resource records as BIND writes them, in columns
    updates[]                   record sets as nsupdate takes them: what goes first, then what comes
    endpoints[]                 record sets as external-dns takes them
    special                     the special-use or private top-level domain that the zone is in, empty if in none
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from validator.facts.names import PRIVATE_DOMAINS

Data = dict[str, Any]


def delegation(gslb: Data) -> Data:
    """Return the variables of `dns/` for the resolved `gslb` of an estate."""
    zone, ttl = gslb["parentZone"], gslb["delegationTTL"]
    covered = {name: above for name in gslb["domains"] if (above := _above(name, gslb["domains"]))}
    domains = [{"name": name, "child": _child(name, zone)} for name in gslb["domains"] if name not in covered]
    servers = [
        {**server, **_kind(server["address"]), "child": _child(server["host"], zone)} for server in gslb["nameServers"]
    ]
    sets = list(_sets(domains, servers))
    records = [(name, kind, data) for name, kind, targets in sets for data in targets]
    return {
        "zone": zone,
        "ttl": ttl,
        "domains": domains,
        "covered": [{"name": name, "by": above} for name, above in covered.items()],
        "servers": servers,
        "addresses": [server["address"] for server in servers],
        "lines": list(_columns(records, ttl)),
        "updates": [{"name": name, "type": kind, "targets": targets} for name, kind, targets in sets],
        "endpoints": [
            {"dnsName": name, "recordType": kind, "recordTTL": ttl, "targets": targets} for name, kind, targets in sets
        ],
        "special": next((name for name in PRIVATE_DOMAINS if f".{zone}".endswith(f".{name}")), ""),
    }


def _sets(domains: list[Data], servers: list[Data]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield every record set of the parent zone: addresses of the name servers that lie in it, then the cuts.

    A name server in a delegated domain gets its address too, as glue; one in another zone has its address there.
    """
    for server in servers:
        if server["child"]:
            yield server["host"], server["type"], [server["address"]]
    for domain in domains:
        yield domain["name"], "NS", [server["host"] for server in servers]


def _columns(records: list[tuple[str, str, str]], ttl: int) -> Iterator[str]:
    width = max(len(name) for name, _, _ in records) + 1
    for name, kind, data in records:
        yield f"{name + '.':<{width}} {ttl} IN {kind:<4} {data}{'.' if kind == 'NS' else ''}"


def _kind(address: str) -> Data:
    return {"type": "AAAA" if ipaddress.ip_address(address).version == 6 else "A"}


def _child(name: str, zone: str) -> str:
    return name.removesuffix(f".{zone}") if name.endswith(f".{zone}") else ""


def _above(name: str, domains: list[str]) -> str:
    return next((other for other in domains if name.endswith(f".{other}")), "")
