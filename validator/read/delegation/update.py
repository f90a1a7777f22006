"""Dynamic updates as nsupdate takes them (RFC 2136): what is added counts."""

from __future__ import annotations

from collections.abc import Iterator

from validator.read.delegation.entry import Entry, address, plain, words
from validator.read.delegation.zone import READ


def read(text: str, origin: str) -> Iterator[Entry]:
    """Yield the records that an update adds; names in it are absolute, with a final dot or without."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "add" not in line.lower():
            continue
        found = list(words(line, number))
        if found[0].text.lower() == "update":
            del found[0]
        if len(found) < 4 or found[0].text.lower() != "add":
            continue
        name, *rest = found[1:]
        ttl = int(rest.pop(0).text) if rest[0].text.isdecimal() and len(rest[0].text) < 11 else None
        if rest and rest[0].text.upper() == "IN":
            del rest[0]
        if len(rest) == 2 and (kind := rest[0].text.upper()) in READ:
            if kind in {"A", "AAAA"} and not address(rest[1].text):
                continue
            yield Entry(plain(name), kind, (plain(rest[1]),), ttl)
