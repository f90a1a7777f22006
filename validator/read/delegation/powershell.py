"""PowerShell for Windows DNS servers: the cmdlets with values written out, and the tables of the script that we render."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from validator.read.delegation.entry import Entry, Word, address

_CALL = re.compile(r"(?i)\b(Add|Set)-DnsServer(ZoneDelegation|ResourceRecordA|ResourceRecordAAAA)\b")
_OPTION = re.compile(r"-(\w+)\s+(?:'([^'\n]*)'|\"([^\"$\n]*)\"|([\w.:-]+))")
_ZONE = re.compile(r"(?im)^[ \t]*\$Zone[ \t]*=[ \t]*'([^'\n]*)'")
_TTL = re.compile(r"(?im)^[ \t]*\$TimeToLive[ \t]*=[ \t]*\[TimeSpan\]::FromSeconds\((\d{1,9})\)")
_DOMAINS = re.compile(r"(?im)^[ \t]*\$Domains[ \t]*=[ \t]*@\(")
_TEXT = re.compile(r"'([^'\n]*)'")
_ROW = re.compile(r"@\{([^{}\n]*)\}")
_FIELD = re.compile(r"(\w+)\s*=\s*'([^'\n]*)'")


def read(text: str, origin: str) -> Iterator[Entry]:
    """Yield the records that a script makes; names in the cmdlets are relative to the zone, name servers are not."""
    lines = text.split("\n")
    bare = [line.partition("#")[0] if line.lstrip().startswith("#") else line for line in lines]
    for number, line in enumerate(bare, start=1):
        if match := _CALL.search(line):
            yield from _call(match[2].lower(), _options(line, number, match.end()))
    yield from _table("\n".join(bare))


def _options(line: str, number: int, start: int) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for match in _OPTION.finditer(line, start):
        group = next(index for index in (2, 3, 4) if match[index] is not None)
        found[match[1].lower()] = Word(match[group], number, match.start(group) + 1)
    return found


def _call(what: str, options: dict[str, Word]) -> Iterator[Entry]:
    zone = options.get("name" if what == "zonedelegation" else "zonename")
    child = options.get("childzonename" if what == "zonedelegation" else "name")
    if zone is None or child is None:
        return
    name = Word(f"{child.text}.{zone.text}".lower(), child.line, child.column)
    if what == "zonedelegation":
        server, target = options.get("nameserver"), options.get("ipaddress")
        if server is not None:
            yield from _delegated(name, server, target)
        return
    kind, target = ("AAAA", options.get("ipv6address")) if what.endswith("aaaa") else ("A", options.get("ipv4address"))
    if target is not None and address(target.text):
        yield Entry(name, kind, (target,))


def _delegated(name: Word, server: Word, target: Word | None) -> Iterator[Entry]:
    host = Word(server.text.rstrip(".").lower(), server.line, server.column)
    yield Entry(name, "NS", (host,))
    if target is not None and (found := address(target.text)):
        yield Entry(host, "AAAA" if ":" in found else "A", (Word(found, target.line, target.column),))


def _table(text: str) -> Iterator[Entry]:
    """Yield what the tables `$Domains` and `$NameServers` say, of the zone `$Zone`."""
    zone, start = _ZONE.search(text), _DOMAINS.search(text)
    if zone is None or start is None:
        return
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    seconds = _TTL.search(text)
    ttl = int(seconds[1]) if seconds else None
    end = text.find(")", start.end())
    domains = [_word(lines, match, 1) for match in _TEXT.finditer(text, start.end(), end if end > 0 else len(text))]
    servers = [
        {field[1].lower(): _word(lines, field, 2) for field in _FIELD.finditer(text, row.start(1), row.end(1))}
        for row in _ROW.finditer(text)
    ]
    servers = [server for server in servers if "hostname" in server and "address" in server]
    for server in servers:
        target = server["address"]
        if found := address(target.text):
            yield Entry(server["hostname"], "AAAA" if ":" in found else "A", (target,), ttl)
    hosts = tuple(server["hostname"] for server in servers)
    for domain in domains:
        name = Word(f"{domain.text}.{zone[1]}".lower(), domain.line, domain.column)
        yield Entry(name, "NS", hosts, ttl)


def _word(lines: list[int], match: re.Match[str], group: int) -> Word:
    start = match.start(group)
    line = bisect_right(lines, start)
    return Word(match[group], line, start - lines[line - 1] + 1)
