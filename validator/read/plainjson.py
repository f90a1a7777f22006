"""A fast reader of JSON for texts that every YAML reader takes for the same: machines write them, line by line, and long."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import accumulate
from typing import Any, NoReturn

from validator.read.scalars import Scalar, is_portable_number, resolve

MAX_DEPTH = 60
MAX_LINE = 1000
"""Bytes of a line: YAML takes no key that is longer than 1024."""
MAX_ITEMS = 200_000
_PRINTABLE = bytes([0x0A, *range(0x20, 0x7F)])
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_LONE_COLON = re.compile(rb"\n *:")


def looks_plain(data: bytes) -> bool:
    """Return whether a text is JSON on which all YAML readers agree, if it is JSON."""
    if not data.startswith(b"{") or b"\\" in data or data.translate(None, _PRINTABLE):
        return False
    if data.count(b",") > MAX_ITEMS or max(map(len, data.split(b"\n"))) > MAX_LINE:
        return False
    outside = b'""'.join(data.split(b'"')[::2])  # without escapes, texts are what stands between two quotes
    depth = max(accumulate(map(_STEPS.__getitem__, outside.translate(None, _NOT_BRACKETS))), default=0)
    return depth <= MAX_DEPTH and _LONE_COLON.search(outside) is None


def load(data: bytes) -> dict[str, Any]:
    """Read a text that `looks_plain`; raise ValueError where the exact reader must decide."""
    value = json.loads(
        data, object_pairs_hook=_mapping, parse_int=_number, parse_float=_number, parse_constant=_constant
    )
    if not isinstance(value, dict):
        raise ValueError("not a mapping")  # noqa: TRY004  # nobody's mistake: another reader takes it
    return value


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


@lru_cache(maxsize=1024)
def _number(text: str) -> Scalar:
    if not is_portable_number(text):
        raise ValueError("a number that readers disagree on")
    return resolve(text)


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")
