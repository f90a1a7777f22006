"""A DNS file of the repository cannot be read.

What it finds:
    A zone file below a folder `dns` with a record that no name server takes: a label of more than 63 characters, a name of
    more than 253, an address that is none, a parenthesis that is not closed; any file for DNS servers there that is no
    text or is too long to be looked into.

Why it matters:
    BIND refuses the whole zone when one line is wrong: after a reload it serves the old state, after a restart nothing.
    Source: RFC 1035 sections 2.3.4 and 5.1; bind9 named-checkzone.

Bad:
    # dns/bind/example.com.zone
    ; g-dns-01.example.com. 3600 IN A 192.0.2.530

Good:
    # dns/bind/example.com.zone
    ; g-dns-01.example.com. 3600 IN A 192.0.2.53

Fix:
    Mend the line; `named-checkzone ZONE FILE` says the same of a whole zone.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.yml._unreadable import place


@rule("DNS111", Severity.ERROR, sources=("DNS-01", "RFC 1035 section 5.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for item in estate.dns_unreadable:
        yield Problem(place(item), f"{item.message}; {item.hint}" if item.hint else item.message)
