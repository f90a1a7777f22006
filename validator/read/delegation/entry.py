"""What every form of a delegation comes down to: names, what they lead to, and where that is written."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FORWARD = "FORWARD"
"""Type of an entry of a resolver: questions below the name go to the targets, which are addresses."""


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
class Word:
    """A piece of text with its place, 1-based."""

    text: str
    line: int
    column: int


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
class Entry:
    """A record set, or one record of it: names are absolute and have no final dot."""

    name: Word
    type: str
    targets: tuple[Word, ...]
    ttl: int | None = None


_SPACE = re.compile(r"\S+")


def words(line: str, number: int, *, start: int = 0) -> Iterator[Word]:
    """Yield the words of a line, which spaces keep apart."""
    for match in _SPACE.finditer(line, start):
        yield Word(match[0], number, match.start() + 1)


def unquoted(word: Word) -> Word:
    """Return a word without the quotes around it."""
    if len(word.text) > 1 and word.text[0] == word.text[-1] and word.text[0] in "\"'":
        return Word(word.text[1:-1], word.line, word.column + 1)
    return word


def plain(word: Word) -> Word:
    """Return a word that is a name without its final dot."""
    return Word(word.text.rstrip("."), word.line, word.column)


@lru_cache(maxsize=16384)
def address(text: str) -> str | None:
    """Return an IP address without port, zone or brackets; None for anything else."""
    bare = re.split(r"[@#%]", text, maxsplit=1)[0]
    if match := re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+", bare):
        bare = match[1] or match[2]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def addresses(found: list[Word]) -> tuple[Word, ...]:
    """Return those words that are addresses, as addresses are written."""
    return tuple(Word(text, word.line, word.column) for word in found if (text := address(word.text)))
