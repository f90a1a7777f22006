"""Read the faults out of kubeconform's message.

Its list of validation errors stops at the first level; the message holds the whole tree, one line per fault, indented,
with line breaks replaced by spaces:

    ... jsonschema validation failed with 'file:///…#' - at '/spec': validation failed   - at '/spec/a': got string, …

Source: yannh/kubeconform v0.7.0 pkg/validator/validator.go; santhosh-tekuri/jsonschema v6.0.1 output.go, kind/kind.go.
Texts of the document stand in the message, quoted; a message that does not fit the document is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from validator.schema.problem import Fault, Pointer
from validator.schema.walk import value_at

_QUOTED = r"'((?:[^'\\]|\\.)*)'"
_LIST = rf"{_QUOTED}(?:, {_QUOTED})*"
_START = re.compile(rf"jsonschema validation failed with {_QUOTED}")
_LINE = re.compile(rf"( +)- at {_QUOTED}: ")
_PIECE = re.compile(rf"{_QUOTED}|[^' ]+| +")
_ONE = re.compile(_QUOTED)
_GROUPS = ("validation failed", "allOf failed")
_KINDS = (
    ("type", re.compile(r"got \w+, want .+")),
    ("required", re.compile(rf"missing propert(?:y|ies) {_LIST}")),
    ("additionalProperties", re.compile(rf"additional properties {_LIST} not allowed")),
    ("enum", re.compile(r"value must be .+|enum failed|const failed")),
    ("pattern", re.compile(rf"{_QUOTED} does not match pattern {_QUOTED}")),
    ("uniqueItems", re.compile(r"items at \S+ and \S+ are equal")),
    ("anyOf", re.compile(r"anyOf failed")),
    ("oneOf", re.compile(r"oneOf failed, .+")),
    ("not", re.compile(r"not failed")),
)
_LIMIT = re.compile(
    r"(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf"
    r"|minLength|maxLength|minItems|maxItems|minProperties|maxProperties): got \S+, want \S+"
)
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)", re.DOTALL)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def faults(message: str, value: Any) -> list[Fault] | None:
    """Return the faults that a message tells of a document; None where it cannot be read or does not fit."""
    start = _START.search(message)
    if start is None:
        return None
    found: list[Fault] = []
    try:
        for line in _tree(message[start.end() :]):
            found += _faults(line, value)
    except (_UnreadableError, LookupError, ValueError):
        return None
    return found or None


class _UnreadableError(Exception):
    """The message is not of the form that we know."""


@dataclass(slots=True)
class _Line:
    pointer: str
    text: str
    below: list[_Line] = field(default_factory=list)


def _tree(rest: str) -> list[_Line]:
    roots: list[_Line] = []
    open_lines: list[tuple[int, _Line]] = []
    for indent, line in _lines(rest):
        while open_lines and open_lines[-1][0] >= indent:
            open_lines.pop()
        (open_lines[-1][1].below if open_lines else roots).append(line)
        open_lines.append((indent, line))
    return roots


def _lines(rest: str) -> Iterator[tuple[int, _Line]]:
    position = 0
    while position < len(rest):
        head = _LINE.match(rest, position)
        if head is None:
            raise _UnreadableError
        end = position = head.end()
        while end < len(rest) and not _LINE.match(rest, end):
            piece = _PIECE.match(rest, end)
            if piece is None:
                raise _UnreadableError
            end = piece.end()
        yield len(head[1]), _Line(_unquoted(head[2]), rest[position:end])
        position = end


def _faults(line: _Line, value: Any) -> Iterator[Fault]:
    if line.text in _GROUPS:
        for below in line.below:
            yield from _faults(below, value)
        return
    pointer = _pointer(line.pointer, value)
    if limit := _LIMIT.fullmatch(line.text):
        yield Fault(pointer, limit[1])
        return
    keyword = next((keyword for keyword, form in _KINDS if form.fullmatch(line.text)), None)
    if keyword is None:
        raise _UnreadableError
    if keyword not in ("required", "additionalProperties"):
        yield Fault(pointer, keyword)
        return
    there = value_at(value, pointer)
    for quoted in _ONE.finditer(line.text):
        name = _unquoted(quoted[1])
        if not isinstance(there, dict) or (name in there) is (keyword == "required"):
            raise _UnreadableError
        yield Fault(pointer, keyword, name)


def _pointer(text: str, value: Any) -> Pointer:
    """Return the place that a JSON pointer names in a document; raise where there is no such place."""
    found: list[str | int] = []
    for token in text.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        key: str | int = int(name) if isinstance(value, list) and name.isdecimal() else name
        value = value_at(value, (key,))
        found.append(key)
    return tuple(found)


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    text = escape[1]
    if text[0] in "xuU" and len(text) > 1:
        return chr(int(text[1:], 16))
    return _ESCAPES.get(text, text)
