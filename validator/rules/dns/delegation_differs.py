"""A sub-domain is delegated to other addresses than those of the DNS virtual services.

What it finds:
    The delegation of a declared GSLB domain that does not lead to exactly the addresses which the estate file declares as
    `avi.dns.address` of the sites: in the DNSEndpoints taken together, and in each file below a folder `dns` by itself
    (zone files, dynamic updates, Windows scripts, Unbound, dnsmasq, CoreDNS). A name server of a record that has no
    address there counts with its address in the estate file. A resolver that leaves a site out gets a warning.

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
from validator.nearness import nearest
from validator.read.delegation.entry import FORWARD
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.dns._records import Record, Scope, Wanted, scopes, wanted


@rule("DNS103", Severity.ERROR, sources=("DNS-03", "RFC 1034 section 4.2.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = wanted(estate)
    if declared is None:
        return
    for scope in scopes(estate):
        for domain in declared.domains:
            if (cuts := scope.cuts(domain)) and not _agree(scope, cuts, declared):
                yield from _compared(scope, domain, cuts, declared)


def _agree(scope: Scope, cuts: list[Record], declared: Wanted) -> bool:
    """Return whether the records lead to the declared addresses, to all of them, and to nobody unknown."""
    given: set[str] = set()
    for record in cuts:
        for _, target in record.texts:
            here = [target] if record.type == FORWARD else scope.texts(target)
            if not here and target not in declared.hosts:
                return False
            given.update(here or [declared.hosts[target]])
    return given == declared.addresses.keys()


def _compared(scope: Scope, domain: str, cuts: list[Record], declared: Wanted) -> Iterator[Problem]:
    given: dict[str, Ref] = {}
    strangers = []
    for record in cuts:
        for target, at in record.targets:
            here = [(target, at)] if record.type == FORWARD else list(scope.addresses(target))
            if not here and target in declared.hosts:
                here = [(declared.hosts[target], at)]
            given |= {address: place for address, place in here if address not in given}
            if not here:
                strangers.append((target, at))
    note = ((cuts[0].name_at, "the delegation is here"),)
    for target, at in strangers:
        near = nearest(target, declared.hosts)
        hint = f"; did you mean `{near}`" if near else ""
        text = (
            f"`{domain}` is delegated to `{target}`, which has no address here and is no name server of the estate file"
        )
        yield Problem(at, text + hint, note, severity=Severity.WARNING)
    asked = "asked for at" if cuts[0].type == FORWARD else "delegated to"
    for address in sorted(given.keys() - declared.addresses.keys()):
        text = f"`{domain}` is {asked} `{address}`, which is no DNS virtual service of the estate file"
        yield Problem(given[address], text, note)
    missing = sorted(declared.addresses.keys() - given.keys()) if not strangers else []
    for address in missing:
        text = f"`{domain}` is not {asked} `{address}`, a DNS virtual service of the estate file"
        severity = Severity.WARNING if cuts[0].type == FORWARD else None
        yield Problem(cuts[0].targets_at, text, ((declared.addresses[address], "declared here"),), severity)
