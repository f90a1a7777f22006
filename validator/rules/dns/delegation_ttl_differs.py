"""A record of the delegation lives for another time than the estate file declares.

What it finds:
    NS records of declared GSLB domains, and address records of their name servers, in DNSEndpoints and in files below a
    folder `dns`, whose TTL is not `gslb.delegationTTL` of the estate file.

Why it matters:
    That long resolvers go on asking a DNS virtual service that has moved. Whoever waits for the declared time before
    switching the old one off cuts off those who were told a longer one; records of one name and type with two TTLs are
    made equal by the server, so that nobody knows which one holds.
    Source: RFC 2181 section 5.2.

Bad:
    # estate.yaml: gslb: {delegationTTL: 3600}
    endpoints:
      - {dnsName: g-dns-01.example.com, recordType: A, recordTTL: 86400, targets: [192.0.2.53]}

Good:
    endpoints:
      - {dnsName: g-dns-01.example.com, recordType: A, recordTTL: 3600, targets: [192.0.2.53]}

Fix:
    Make the estate file and the records say the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.dns._records import ADDRESSES, scopes, wanted


@rule("DNS112", Severity.WARNING, sources=("DNS-03", "RFC 2181 section 5.2"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = wanted(estate)
    if declared is None:
        return
    for scope in scopes(estate):
        for record in scope.records:
            ours = record.name in declared.domains if record.type == "NS" else record.name in declared.hosts
            if ours and record.type in {*ADDRESSES, "NS"} and record.ttl not in {None, declared.ttl}:
                text = (
                    f"{record.type} record of `{record.name}` lives for {record.ttl} s, "
                    f"the estate file says {declared.ttl} s for the delegation"
                )
                yield Problem(record.ttl_at, text, ((declared.ttl_at, "declared here, or by default"),))
