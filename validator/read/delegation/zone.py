"""Zone files (RFC 1035 section 5): addresses, aliases and name servers, with their places.

A part of a zone file counts as one. `$INCLUDE` and `$GENERATE` are passed over: nothing outside of the file is read, and
no line makes a thousand. Types that say nothing about delegations are not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.errors import InputError
from validator.read.delegation.entry import Entry, Word, address, plain

READ = frozenset({"A", "AAAA", "CNAME", "NS"})
MAX_NAME, MAX_LABEL = 253, 63
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|;[^\n]*|[()]|(?:[^\s();"\\]|\\.)+|"')
_TTL = re.compile(r"\d+(?:[wdhms]\d+)*[wdhms]?", re.IGNORECASE)
_UNIT = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "": 1}
_CLASSES = frozenset({"IN", "CH", "HS"})
_TYPE = re.compile(r"[A-Z][A-Z0-9-]*")


def read(text: str, origin: str) -> Iterator[Entry]:
    """Yield the records of a zone file for the zone `origin`; raise InputError where it cannot be read."""
    owner: Word | None = None
    default: int | None = None
    for blank, line in _lines(text):
        head = line[0].text.upper()
        if head.startswith("$"):
            if head == "$ORIGIN" and len(line) > 1:
                origin = _absolute(line[1], origin).text
            elif head == "$TTL" and len(line) > 1:
                default = _seconds(line[1].text)
            continue
        if not blank:
            owner, line = _absolute(line[0], origin), line[1:]
        if owner is None:
            raise _error(line[0], "record without a name: no line above has one")
        entry = _record(owner, line, origin, default)
        if entry is not None:
            yield entry


def _record(owner: Word, line: list[Word], origin: str, default: int | None) -> Entry | None:
    ttl = default
    for index, word in enumerate(line):
        text = word.text.upper()
        if _TTL.fullmatch(text):
            ttl = _seconds(text)
        elif text not in _CLASSES:
            if not _TYPE.fullmatch(text):
                raise _error(word, f"`{word.text[:40]}` is no record type")
            return _typed(owner, word, line[index + 1 :], origin, ttl) if text in READ else None
    raise _error(owner, f"record of `{owner.text}` has no type")


def _typed(owner: Word, kind: Word, data: list[Word], origin: str, ttl: int | None) -> Entry:
    type = kind.text.upper()
    if len(data) != 1:
        raise _error(kind, f"{type} record of `{owner.text}` has {len(data)} values, one is allowed")
    (target,) = data
    if type in {"NS", "CNAME"}:
        return Entry(owner, type, (_absolute(target, origin),), ttl)
    found = address(target.text)
    if found is None or (":" in found) != (type == "AAAA"):
        wanted = "IPv6" if type == "AAAA" else "IPv4"
        raise _error(
            target, f"`{target.text[:60]}` is no {wanted} address, as the {type} record of `{owner.text}` needs"
        )
    return Entry(owner, type, (Word(found, target.line, target.column),), ttl)


def _lines(text: str) -> Iterator[tuple[bool, list[Word]]]:
    """Yield the entries of a file, lines in parentheses joined, and whether each begins with white space."""
    found: list[Word] = []
    blank, opened = False, None
    for number, line in enumerate(text.split("\n"), start=1):
        if opened is None:
            blank = line[:1] in {" ", "\t"}
        for match in _TOKEN.finditer(line):
            word = Word(match[0], number, match.start() + 1)
            if word.text == '"':
                raise _error(word, "text in quotes does not end on its line")
            if word.text == "(":
                opened = opened or word
            elif word.text == ")":
                if opened is None:
                    raise _error(word, "`)` closes nothing")
                opened = None
            elif word.text[0] != ";":
                found.append(word)
        if opened is None and found:
            yield blank, found
            found = []
    if opened is not None:
        raise _error(opened, "`(` is not closed")


def _absolute(word: Word, origin: str) -> Word:
    text = word.text
    if text == "@":
        name = origin
    elif text.endswith("."):
        name = plain(word).text
    else:
        name = f"{text}.{origin}" if origin else text
    if len(name) > MAX_NAME:
        raise _error(word, f"name `{name[:40]}…` has {len(name)} characters, {MAX_NAME} are allowed")
    long = next((label for label in name.split(".") if len(label) > MAX_LABEL), None)
    if long:
        raise _error(word, f"label `{long[:20]}…` has {len(long)} characters, {MAX_LABEL} are allowed")
    return Word(name.lower(), word.line, word.column)


def _seconds(text: str) -> int | None:
    if len(text) > 20:
        return None
    return sum(
        int(number) * _UNIT[unit.lower()] for number, unit in re.findall(r"(\d+)([wdhms]?)", text, re.IGNORECASE)
    )


def _error(word: Word, message: str) -> InputError:
    return InputError(message, line=word.line, column=word.column)
