"""DNS records in the repository: as external-dns reads them, in zone files, and where resolvers are sent.

Source: kubernetes-sigs/external-dns, DNSEndpoint externaldns.k8s.io/v1alpha1; docs/sources/ns-record.md. Forms of other
servers: `validator.read.delegation`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from validator.model import Estate
from validator.once import once
from validator.read.delegation.entry import FORWARD
from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig

GROUP = "externaldns.k8s.io"
ADDRESSES = frozenset({"A", "AAAA"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record set: name and targets in lower case without a final dot, with their places."""

    name: str
    type: str
    """As in DNS, or FORWARD for a resolver that asks the targets itself."""
    texts: tuple[tuple[int, str], ...]
    """The targets, each with its place in the list."""
    ttl: int | None
    _source: Manifest | Document
    _place: Pointer
    _keys: tuple[str, str, str]
    """What name, targets and TTL are called there."""

    @property
    def name_at(self) -> Ref:
        return self._at(self._keys[0])

    @property
    def targets_at(self) -> Ref:
        return self._at(self._keys[1])

    @property
    def ttl_at(self) -> Ref:
        return self._at(self._keys[2])

    @property
    def targets(self) -> tuple[tuple[str, Ref], ...]:
        """Return the targets with their places, which few of them are ever asked for."""
        return tuple((text, self._at(self._keys[1], order)) for order, text in self.texts)

    def _at(self, *pointer: str | int) -> Ref:
        source = self._source
        whole = (*self._place, *pointer)
        return source.at(*whole) if isinstance(source, Manifest) else source.ref(*whole)


@dataclass(frozen=True, slots=True)
class Scope:
    """What goes to one server: a file, or all DNSEndpoints of the repository."""

    by_name: dict[str, list[Record]]
    file: Document | None = None

    @property
    def records(self) -> Iterator[Record]:
        """Yield all records, those of one name together."""
        return (record for found in self.by_name.values() for record in found)

    def texts(self, name: str) -> list[str]:
        """Return the addresses of a name without their places."""
        return [text for one in self.by_name.get(name, ()) if one.type in ADDRESSES for _, text in one.texts]

    def addresses(self, name: str) -> Iterator[tuple[str, Ref]]:
        """Yield the addresses of a name."""
        for record in self.by_name.get(name, ()):
            if record.type in ADDRESSES:
                yield from record.targets

    def cuts(self, name: str) -> list[Record]:
        """Return the records that lead from a domain to its name servers."""
        return [record for record in self.by_name.get(name, ()) if record.type in {"NS", FORWARD}]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The delegation as the estate file declares it."""

    zone: str
    domains: dict[str, Ref]
    hosts: dict[str, str]
    """Address of each name server, by name."""
    addresses: dict[str, Ref]
    ttl: int
    ttl_at: Ref

    @property
    def cuts(self) -> list[str]:
        """Return the domains that need records of their own: not those below another one."""
        return [name for name in self.domains if not any(name.endswith(f".{other}") for other in self.domains)]


@once
def records(estate: Estate) -> list[Record]:
    """Return every record set of every DNSEndpoint."""
    return [record for manifest in estate.objects("DNSEndpoint") if manifest.group == GROUP for record in _of(manifest)]


@once
def scopes(estate: Estate) -> list[Scope]:
    """Return what the repository holds for DNS servers, the DNSEndpoints first."""
    found = [Scope(_by_name(records(estate)))]
    found += [Scope(_by_name(_in_file(file)), file) for file in estate.dns_files]
    return [scope for scope in found if scope.by_name]


@once
def wanted(estate: Estate) -> Wanted | None:
    """Return what the estate file declares, None where there is none or it has problems of its own."""
    declared = estate.declared
    domains = dig(declared.resolved, ("gslb", "domains")) if declared else None
    if declared is None or not isinstance(domains, list) or estate.declared_problems:
        return None
    gslb, sites = declared.resolved["gslb"], declared.resolved["sites"]
    names = {plain(name): declared.at("gslb", "domains", index) for index, name in enumerate(domains)}
    return Wanted(
        plain(gslb["parentZone"]),
        names,
        {plain(site["avi"]["dns"]["host"]): same(site["avi"]["dns"]["address"]) for site in sites},
        {
            same(site["avi"]["dns"]["address"]): declared.at("sites", index, "avi", "dns", "address")
            for index, site in enumerate(sites)
        },
        gslb["delegationTTL"],
        declared.at("gslb", "delegationTTL"),
    )


def _by_name(found: Iterable[Record]) -> dict[str, list[Record]]:
    names: dict[str, list[Record]] = {}
    for record in found:
        names.setdefault(record.name, []).append(record)
    return names


def _of(manifest: Manifest) -> Iterator[Record]:
    entries = manifest.spec.get("endpoints")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        name = entry.get("dnsName") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            continue
        place = ("spec", "endpoints", index)
        targets, ttl = entry.get("targets"), entry.get("recordTTL")
        yield Record(
            plain(name),
            str(entry.get("recordType", "")),  # without one external-dns passes it over
            tuple(
                (order, same(plain(text)))
                for order, text in enumerate(targets if isinstance(targets, list) else [])
                if isinstance(text, str)
            ),
            ttl if isinstance(ttl, int) and not isinstance(ttl, bool) else None,
            manifest,
            place,
            ("dnsName", "targets", "recordTTL"),
        )


def _in_file(file: Document) -> Iterator[Record]:
    for index, entry in enumerate(file.value):
        texts = tuple((order, same(plain(text))) for order, text in enumerate(entry["targets"]))
        yield Record(
            plain(entry["name"]), entry["type"], texts, entry["ttl"], file, (index,), ("name", "targets", "name")
        )


def plain(name: str) -> str:
    """Return a DNS name as names are compared."""
    return name.lower().rstrip(".")


def same(text: str) -> str:
    """Return an address as addresses are compared, any other text as it is."""
    if ":" not in text:
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text
