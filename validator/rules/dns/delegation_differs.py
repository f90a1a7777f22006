"""A sub-domain is delegated to other addresses than those of the DNS virtual services.

What it finds:
    The NS record of a declared GSLB domain (DNSEndpoint) whose name servers do not have exactly the addresses
    that the estate file declares as `avi.dns.address` of the sites.

Why it matters:
    A site that is missing is never asked: when the other site is lost, so are all names, although this one
    would answer. An address that is no DNS virtual service costs every resolver a timeout.
    Source: RFC 1034 section 4.2.1; Avi documentation, DNS virtual service for GSLB.

Bad:
    # estate.yaml: 192.0.2.53 and 198.51.100.53
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com]}
      - {dnsName: g-dns-01.example.com, recordType: A, targets: [192.0.2.53]}

Good:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com, g-dns-02.example.com]}
      - {dnsName: g-dns-01.example.com, recordType: A, targets: [192.0.2.53]}
      - {dnsName: g-dns-02.example.com, recordType: A, targets: [198.51.100.53]}

Fix:
    Name one name server for each site that answers, with the address of its DNS virtual service.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.dns._records import Record, plain, records


@rule("DNS103", Severity.ERROR, sources=("DNS-03", "RFC 1034 section 4.2.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = estate.declared
    domains = dig(declared.resolved, ("gslb", "domains")) if declared else None
    if declared is None or not isinstance(domains, list) or estate.declared_problems:
        return
    wanted = {
        site["avi"]["dns"]["address"]: declared.at("sites", index, "avi", "dns", "address")
        for index, site in enumerate(declared.resolved["sites"])
    }
    found = records(estate)
    names = {plain(domain) for domain in domains}
    for record in found:
        if record.type != "NS" or record.name not in names:
            continue
        given = {address: at for target, _ in record.targets for address, at in _addresses(found, target)}
        known = all(any(True for _ in _addresses(found, target)) for target, _ in record.targets)
        for address in sorted(given.keys() - wanted.keys()):
            text = f"`{record.name}` is delegated to `{address}`, which is no DNS virtual service of the estate file"
            yield Problem(given[address], text, ((record.name_at, "the delegation is here"),))
        for address in sorted(wanted.keys() - given.keys()) if known else ():
            text = f"`{record.name}` is not delegated to `{address}`, a DNS virtual service of the estate file"
            yield Problem(record.targets_at, text, ((wanted[address], "declared here"),))


def _addresses(found: list[Record], name: str) -> Iterator[tuple[str, Ref]]:
    for record in found:
        if record.name == name and record.type in {"A", "AAAA"}:
            yield from record.targets
