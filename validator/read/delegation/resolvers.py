"""Resolvers that ask name servers directly: Unbound, dnsmasq, CoreDNS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.read.delegation.entry import FORWARD, Entry, Word, addresses, plain, unquoted, words

_ITEM = re.compile(r"^\s*([a-z-]+):\s*(?:(\"[^\"\n]*\"|'[^'\n]*'|[^\s#]+))?")
_SERVER = re.compile(r"^\s*(?:--)?(?:server|local)\s*=\s*/([^\s#]*)/([^\s/]*)")
_ZONES = frozenset({"stub-zone", "forward-zone"})
_ADDRESSES = frozenset({"stub-addr", "forward-addr"})
_SCHEME = re.compile(r"^(?:dns|https?|tls|grpc)://")


def unbound(text: str, origin: str) -> Iterator[Entry]:
    """Yield the stub and forward zones of an Unbound configuration."""
    name: Word | None = None
    targets: list[Word] = []
    inside = False
    for number, line in enumerate([*text.split("\n"), "server:"], start=1):
        match = _ITEM.match(line)
        if match is None:
            continue
        if match[2] is None:
            yield from _forward(name, targets)
            name, targets, inside = None, [], match[1] in _ZONES
        elif inside:
            value = unquoted(Word(match[2], number, match.start(2) + 1))
            if match[1] == "name":
                name = plain(value)
            elif match[1] in _ADDRESSES:
                targets.append(value)


def dnsmasq(text: str, origin: str) -> Iterator[Entry]:
    """Yield the domains that dnsmasq asks a server of its own for; one server a line, as it is written."""
    found: dict[str, tuple[Word, list[Word]]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        match = _SERVER.match(line)
        targets = addresses([Word(match[2], number, match.start(2) + 1)]) if match else ()
        column = match.start(1) + 1 if match else 0
        seen: set[str] = set()
        for part in match[1].split("/") if match and targets else ():
            name = part.rstrip(".").lower()
            if name and name not in seen:
                seen.add(name)
                found.setdefault(name, (Word(name, number, column), []))[1].extend(targets)
            column += len(part) + 1
    for name, servers in found.values():
        yield Entry(name, FORWARD, tuple(servers))


def coredns(text: str, origin: str) -> Iterator[Entry]:
    """Yield the domains of the server blocks of a Corefile that forward everything they are asked."""
    names: list[Word] = []
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        code = line.partition("#")[0]
        if not code.strip():
            continue
        found = [unquoted(word) for word in words(code, number)]
        opens, closes = found[-1].text == "{", found[0].text == "}"
        if depth == 0 and not closes:
            names += [_zone(word) for word in (found[:-1] if opens else found)]
        elif depth == 1 and found[0].text == "forward" and len(found) > 2 and found[1].text == ".":
            targets = addresses([Word(_SCHEME.sub("", to.text), to.line, to.column) for to in found[2:]])
            yield from (Entry(name, FORWARD, targets) for name in names if targets)
        if opens:
            depth += 1
        elif closes and depth:
            depth -= 1
            names = names if depth else []


def _forward(name: Word | None, targets: list[Word]) -> Iterator[Entry]:
    """Yield what a resolver asks certain addresses for; other ways to answer are no delegation."""
    if name is not None and (found := addresses(targets)):
        yield Entry(name, FORWARD, found)


def _zone(word: Word) -> Word:
    text = _SCHEME.sub("", word.text).rstrip(",")
    text = re.sub(r":\d+$", "", text).rstrip(".").lower()
    return Word(text, word.line, word.column)
