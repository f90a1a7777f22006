"""A delegation to a name server that resolvers cannot find.

What it finds:
    An NS record of a DNSEndpoint or of a file below a folder `dns` whose target is a CNAME there; one that lies in the
    delegated zone itself and has no address record; one that has no address record while others of the same
    delegation have theirs beside it.

Why it matters:
    An NS target must not be an alias: resolvers may drop the delegation. A name server inside of the zone that
    it serves can only be found by an address beside the delegation, and Avi's GSLB does not answer for such
    names.
    Source: RFC 2181 section 10.3; RFC 1034 section 4.2.1; RFC 9471.

Bad:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [ns.gslb.example.com]}

Good:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-site01.example.com]}
      - {dnsName: g-dns-site01.example.com, recordType: A, targets: [192.0.2.53]}

Fix:
    Name the name servers in the parent zone and give each an address record there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.dns._records import Record, Scope, scopes, wanted

INCLUDE = re.compile(rb"^\$INCLUDE\b", re.MULTILINE | re.IGNORECASE)


@rule("DNS102", Severity.ERROR, sources=("DNS-02", "RFC 2181 section 10.3"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = wanted(estate)
    zone = declared.zone if declared else ""
    for scope in scopes(estate):
        aliases = {record.name: record for record in scope.records if record.type == "CNAME"}
        for record in scope.records:
            if record.type != "NS" or all(text not in aliases and scope.texts(text) for _, text in record.texts):
                continue
            for target, at in record.targets:
                if target in aliases:
                    related = ((aliases[target].name_at, "the alias is here"),)
                    yield Problem(
                        at,
                        f"name server `{target}` of `{record.name}` is an alias (CNAME); it needs an address",
                        related,
                    )
                elif scope.texts(target) or not _is_whole(scope, record, declared is not None):
                    continue
                elif target == record.name or target.endswith(f".{record.name}"):
                    text = f"name server `{target}` lies in `{record.name}`, the zone that it serves, and has no address record"
                    yield Problem(at, text)
                elif zone and target.endswith(f".{zone}") and _others_have(scope, record):
                    text = f"name server `{target}` of `{record.name}` has no address record here, others of it have"
                    yield Problem(at, text)


def _is_whole(scope: Scope, record: Record, declared: bool) -> bool:
    """Return whether the addresses of name servers stand beside the delegation, if they stand anywhere."""
    return scope.file is None or (declared and not INCLUDE.search(scope.file.data))


def _others_have(scope: Scope, record: Record) -> bool:
    return any(scope.texts(text) for cut in scope.cuts(record.name) for _, text in cut.texts)
