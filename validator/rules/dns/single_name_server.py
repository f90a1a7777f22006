"""A sub-domain has one name server only.

What it finds:
    An NS record of a DNSEndpoint with a single target. For a domain of the estate file, the rule that compares the
    delegation with the sites tells instead.

Why it matters:
    With the site of that name server all global names are lost, also those of applications that run on in the
    other site: the very case that GSLB is for.
    Source: RFC 1034 section 4.1; RFC 2182 section 5.

Bad:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com]}

Good:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com, g-dns-02.example.com]}

Fix:
    Name the DNS virtual service of every active site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.dns._records import plain, records


@rule("DNS106", Severity.WARNING, sources=("DNS-06", "RFC 2182 section 5"))
def check(estate: Estate) -> Iterator[Problem]:
    domains = dig(estate.declared.resolved, ("gslb", "domains")) if estate.declared else None
    known = {plain(name) for name in domains if isinstance(name, str)} if isinstance(domains, list) else set()
    targets: dict[str, set[str]] = {}
    found = [record for record in records(estate) if record.type == "NS"]
    for record in found:
        targets.setdefault(record.name, set()).update(name for name, _ in record.targets)
    for record in found:
        if len(targets[record.name]) == 1 and record.name not in known:
            text = f"`{record.name}` has one name server only, `{record.targets[0][0]}`; its loss takes all global names along"
            yield Problem(record.targets_at, text)
