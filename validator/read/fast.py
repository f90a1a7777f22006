"""The fast YAML reader for documents on which every YAML reader agrees; the exact reader takes the rest.

`looks_plain` is the gate: it refuses any text in which a scalar, a key or a structure could be read in two ways.
A test compares both readers on whatever passes the gate.
"""

from __future__ import annotations

import re
from typing import Any

_DEEP = (b"\n" + b" " * 60, b"- - - - - -", b"[[[[", b"{{{{")
_MARKS = (b"\t", b"\r", b"\\", b"\x7f", b"\n%", b"\n...", b"\n? ", b"- ? ")
_OTHER_BREAKS = re.compile(rb"\xc2[\x80-\xa0]|\xe2\x80[\xa8\xa9]|\xef[\xbb\xbf]|\xed")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")
_TOKEN = (
    rb"(?:[&*!?=:]|<<"  # anchors, aliases, tags, explicit and merge keys
    rb"|(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)(?=[ \n,\]}:])"  # booleans of YAML 1.1
    rb"|[-+]?(?:0[xX][0-9a-fA-F_]*|(?:0[0-9_oObB]|[0-9.]+[eE][-+]?|[0-9]+_)[0-9_.]*)(?=[ \n,\]}:])"  # numbers that readers disagree on
    rb"|[-+]?(?:[0-9]{18}|\.[^./d\n])|\+"
    rb"|[0-9]{4}-[0-9]{1,2}-[0-9]"
    rb"|(?:-?[0-9.]+|~|[tT]rue|TRUE|[fF]alse|FALSE|[nN]ull|NULL) *:(?=[ \n])"  # keys that are not strings
    rb"|[0-9][0-9:]*:)"
)
_VALUE = re.compile(rb": +(?=[&*!?=:<yYnNoO+.0-9~tTfF-])" + _TOKEN)
_LINE = re.compile(rb"\n[ -]*(?=[&*!?=:<yYnNoO+.0-9~tTfF])" + _TOKEN)
_BLOCK = re.compile(rb"(?:[:-] +|\n *)[|>](?!-?\n +[^ \n])")
_WORD = rb"(?:\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z][A-Za-z0-9_./@+-]*|-?[0-9]{1,9})"
_PAIR = rb"[A-Za-z][A-Za-z0-9_./-]*: " + _WORD
_PLAIN_FLOW = (
    rb"(?:\[(?:" + _WORD + rb"(?:, " + _WORD + rb")*)?\]|\{(?:" + _PAIR + rb"(?:, " + _PAIR + rb")*)?\}) *(?:#|\n)"
)
_QUOTED = re.compile(rb"(?<=[:-] )(?:'[^'\n]*'|\"[^\"\\\n]*\")(?= *\n)")
_FLOW = re.compile(rb"(?:[:-] +|\n *)(?=[\[{])(?!" + _PLAIN_FLOW + rb")|[\[{,] *" + _TOKEN)


def looks_plain(data: bytes) -> bool:
    """Return whether all YAML readers agree on this document."""
    if not data.endswith(b"\n"):
        return False
    data = b"\n" + data
    for mark in _MARKS:
        if mark in data:
            return False
    for mark in _DEEP:
        if mark in data:
            return False
    if _VALUE.search(data) or _LINE.search(data) or _CONTROL.search(data) or _BLOCK.search(data):
        return False
    if (b"[" in data or b"{" in data) and _FLOW.search(data) and _FLOW.search(_QUOTED.sub(b"''", data)):
        return False
    return data.isascii() or not _OTHER_BREAKS.search(data)


def load(data: bytes) -> Any:
    """Read one document that `looks_plain`; raise ValueError where the exact reader must decide."""
    import yaml_rs

    value = yaml_rs.loads(data.decode())
    if not isinstance(value, dict) and value is not None:
        raise ValueError("not a mapping")
    return value
