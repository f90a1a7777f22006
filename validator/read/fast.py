"""The fast YAML reader for documents on which every YAML reader agrees; the exact reader takes the rest.

`looks_plain` is the gate: it refuses any text in which a scalar, a key or a structure could be read in two ways.
A test compares both readers on whatever passes the gate.
"""

from __future__ import annotations

import re
from typing import Any

_INDENT = b"\n" + b" " * 60
_OTHER_BREAKS = re.compile(rb"\xc2[\x80-\xa0]|\xe2\x80[\xa8\xa9]|\xef[\xbb\xbf]|\xed")
_CONTROL = bytes([*range(0x0A), *range(0x0B, 0x20), 0x7F])
"""Every control character but the line feed."""
_TOKEN = (
    rb"(?:[&*!?=:]|<<"  # anchors, aliases, tags, explicit and merge keys
    rb"|(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)(?=[ \n,\]}:])"  # booleans of YAML 1.1
    rb"|[-+]?(?:0[xX][0-9a-fA-F_]*|(?:0[0-9_oObB]|[0-9.]+[eE][-+]?|[0-9]+_)[0-9_.]*)(?=[ \n,\]}:])"  # numbers that readers disagree on
    rb"|[-+]?(?:[0-9]{18}|\.[^./d\n]|_[0-9_.])|\+"
    rb"|[0-9]{4}-[0-9]{1,2}-[0-9]"
    rb"|(?:-?[0-9.]+|~|[tT]rue|TRUE|[fF]alse|FALSE|[nN]ull|NULL) *:(?=[ \n])"  # keys that are not strings
    rb"|[0-9][0-9:]*:)"
)
_VALUE = re.compile(rb": +(?=[&*!?=:<yYnNoO+._0-9~tTfF-])" + _TOKEN)
_LINE = re.compile(rb"\n[ -]*(?=[&*!?=:<yYnNoO+._0-9~tTfF])" + _TOKEN)
_BLOCK = re.compile(rb"(?:[:-] +|\n *)[|>](?!-?\n +[^ \n])")
_WORD = rb"(?:\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z][A-Za-z0-9_./@+-]*|-?[0-9]{1,9})"
_PAIR = rb"[A-Za-z][A-Za-z0-9_./-]*: " + _WORD
_PLAIN_FLOW = (
    rb"(?:\[(?:" + _WORD + rb"(?:, " + _WORD + rb")*)?\]|\{(?:" + _PAIR + rb"(?:, " + _PAIR + rb")*)?\}) *(?:#|\n)"
)
_QUOTED = re.compile(rb"(?<=[:-] )(?:'[^'\n]*'|\"[^\"\\\n]*\")(?= *\n)")
_FLOW = re.compile(rb"(?:[:-] +|\n *)(?=[\[{])(?!" + _PLAIN_FLOW + rb")")
_FLOW_ITEM = re.compile(rb"[\[{,] *" + _TOKEN)
MAX_LINES = 300_000
_PLAIN: set[bytes] = set()
"""Lines that are plain, as they were found; at most so many and those of one document."""


def looks_plain(data: bytes) -> bool:
    """Return whether all YAML readers agree on this document.

    This runs over every byte of a repository, in which most lines stand many times. But for block scalars, which are
    what they are by the line below, each line is judged by itself: those that were found plain are not judged again.
    """
    if not data.endswith(b"\n"):
        return False
    data = b"\n" + data
    lines = set(data.split(b"\n"))
    lines -= _PLAIN
    if lines:
        if not _are_plain(b"\n" + b"\n".join(lines) + b"\n"):
            return False
        if len(_PLAIN) > MAX_LINES:
            _PLAIN.clear()
        _PLAIN.update(lines)
    return not (_starts(data, b"|", b">") and _BLOCK.search(data))


def _are_plain(data: bytes) -> bool:
    """Return whether all readers agree on each of these lines, in whichever document it stands.

    Where a plain search for a few bytes, which is many times as fast as a regular expression, can tell that an
    expression cannot match, it is asked first.
    """
    if b"\\" in data or len(data.translate(None, _CONTROL)) != len(data) or _is_unusual(data):
        return False
    if _VALUE.search(data) or _LINE.search(data):
        return False
    if (b"[" in data or b"{" in data) and _has_odd_flow(data) and _has_odd_flow(_QUOTED.sub(b"''", data)):
        return False
    return data.isascii() or not _OTHER_BREAKS.search(data)


def _is_unusual(data: bytes) -> bool:
    """Return whether there are directives, ends of documents, explicit keys, or levels in great number."""
    if (b"%" in data and b"\n%" in data) or b"\n..." in data or _INDENT in data:
        return True
    if b"?" in data and (b"\n? " in data or b"- ? " in data):
        return True
    return b"- - - - - -" in data or b"[[[[" in data or b"{{{{" in data


def _starts(data: bytes, *marks: bytes) -> bool:
    """Return whether any of the marks stands where a value may start: after a space or at the start of a line."""
    return any(mark in data and (b" " + mark in data or b"\n" + mark in data) for mark in marks)


def _has_odd_flow(data: bytes) -> bool:
    """Return whether a flow collection is not of the plain form, or holds what readers may disagree on."""
    return bool((_starts(data, b"[", b"{") and _FLOW.search(data)) or _FLOW_ITEM.search(data))


def load(data: bytes) -> Any:
    """Read one document that `looks_plain`; raise ValueError where the exact reader must decide."""
    import yaml_rs

    value = yaml_rs.loads(data.decode())
    if not isinstance(value, dict) and value is not None:
        raise ValueError("not a mapping")
    return value
