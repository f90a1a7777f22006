"""Edits of YAML text as splices: what is not named stays as it is, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from validator.finding import Action, Edit
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.read.scalars import ambiguity, resolve
from validator.read.spans import Span

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*")
_BREAKS = "\r\n\x85\u2028\u2029"
"""What libyaml takes for the end of a line."""
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_COMMENT = re.compile(r"( *)#[^\r\n\x85\u2028\u2029]*")


class CannotEdit(Exception):
    """The text at a place is not of a form that can be edited without touching more."""


@dataclass(frozen=True, slots=True)
class Splice:
    """Replace `text[start:end]` by `new`."""

    start: int
    end: int
    new: str


def splice(text: str, root: Span, edit: Edit) -> Splice:
    """Return the change of the text that an edit means; raise CannotEdit where it cannot be made safely."""
    span = root.at(edit.at.pointer)
    if span is None or not span.bare or edit.at.key:
        raise CannotEdit
    if edit.action is Action.QUOTE:
        return _quote(text, span)
    if edit.action is Action.SET:
        return _set(text, span, edit.value)
    if edit.action is Action.INSERT:
        return _insert(text, span, edit)
    if edit.action is Action.APPEND:
        return _append(text, span, edit.value)
    parent, last = root.at(edit.at.pointer[:-1]), edit.at.pointer[-1:]
    if parent is None or parent.kind != "list" or not last or not isinstance(last[0], int):
        raise CannotEdit
    return _remove(text, parent, last[0])


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return the text with every splice made, those at one place in their order; raise CannotEdit where two overlap."""
    parts, position = [], 0
    for one in sorted(splices, key=lambda item: (item.start, item.end)):
        if one.start < position:
            raise CannotEdit
        parts += [text[position : one.start], one.new]
        position = one.end
    return "".join((*parts, text[position:]))


def edited(value: Any, edits: Iterable[Edit]) -> Any:
    """Return a value with edits made whose pointers all speak of the value as it was."""
    wanted = json.loads(json.dumps(value))  # what an alias shares is shared no more
    removed: list[Pointer] = []
    for edit in edits:
        target, parent = dig(wanted, edit.at.pointer), dig(wanted, edit.at.pointer[:-1])
        last: Any = edit.at.pointer[-1] if edit.at.pointer else None
        if edit.action in {Action.SET, Action.QUOTE} and isinstance(parent, dict | list) and edit.at.pointer:
            parent[last] = edit.value
        elif edit.action is Action.INSERT and isinstance(target, dict) and edit.key not in target:
            target[edit.key] = edit.value
        elif edit.action is Action.APPEND and isinstance(target, list) and edit.value not in target:
            target.append(edit.value)
        elif edit.action is Action.REMOVE and isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            removed.append(edit.at.pointer)
    for pointer in sorted(removed, key=lambda steps: [str(steps[:-1]), steps[-1]], reverse=True):
        del dig(wanted, pointer[:-1])[pointer[-1]]
    return wanted


def does_nothing(value: Any, edit: Edit, written: str) -> bool:
    """Return whether a value is already as an edit asks for; `written` is the text that the edit replaces."""
    target = dig(value, edit.at.pointer)
    if edit.action is Action.SET:
        equal = target == edit.value and type(target) is type(edit.value)
        return equal and (written[:1] in {'"', "'"} or written == token(edit.value))
    if edit.action is Action.INSERT:
        return not isinstance(target, dict) or edit.key in target
    return edit.action is Action.APPEND and (not isinstance(target, list) or edit.value in target)


def token(value: Any) -> str:
    """Return a value as it is written on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{token(key)}: {token(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(token(item) for item in value) + "]"
    if isinstance(value, str) and _SAFE.fullmatch(value) and isinstance(resolve(value), str) and not ambiguity(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _quote(text: str, span: Span) -> Splice:
    plain = text[span.start : span.end]
    if span.kind != "scalar" or span.style or not plain or _BREAK.search(plain):
        raise CannotEdit
    return Splice(span.start, span.end, json.dumps(plain, ensure_ascii=False))


def _set(text: str, span: Span, value: Any) -> Splice:
    if span.kind != "scalar" or span.style in {"|", ">"} or isinstance(value, dict | list):
        raise CannotEdit
    gap = " " if span.start == span.end and text[span.start - 1 : span.start] in {":", "-"} else ""
    return Splice(span.start, span.end, gap + token(value))


def _insert(text: str, span: Span, edit: Edit) -> Splice:
    pair = f"{token(edit.key)}: {token(edit.value)}"
    if span.kind != "map":
        raise CannotEdit
    if not span.keys:
        if text[span.start : span.end].strip("{} ") or not span.flow:
            raise CannotEdit
        return Splice(span.start, span.end, "{" + pair + "}")
    first = next(iter(span.keys.values()))
    if span.flow:
        return Splice(first.start, first.start, f"{pair}, ")
    before = text[_line_start(text, first.start) : first.start]
    if before.strip(" -"):
        raise CannotEdit
    scalars = (name for name, entry in span.entries.items() if entry.kind == "scalar" and entry.style not in {"|", ">"})
    after = span.entries[next(scalars, next(iter(span.entries)))]
    return _line(text, after.end, len(before), pair)


def _append(text: str, span: Span, value: Any) -> Splice:
    if span.kind != "list":
        raise CannotEdit
    if not span.entries:
        if text[span.start : span.end].strip("[] ") or not span.flow:
            raise CannotEdit
        return Splice(span.start, span.end, f"[{token(value)}]")
    last = span.entries[len(span.entries) - 1]
    if span.flow:
        return Splice(last.end, last.end, f", {token(value)}")
    first = span.entries[0]
    start = _line_start(text, first.start)
    dash = text.rfind("-", start, first.start)
    lead = text[start : max(dash, start)]
    if dash < 0 or lead.strip(" -") or text[dash + 1 : first.start].strip(" "):
        raise CannotEdit
    gap = " " * (first.start - dash - 1)
    lines = isinstance(value, dict) and value and not (last.kind == "map" and last.flow)
    pairs = [f"{token(key)}: {token(item)}" for key, item in value.items()] if lines else []
    between = f"{_ending(text, last.end)}{' ' * len(lead)} {gap}"
    return _line(text, last.end, len(lead), f"-{gap}{between.join(pairs) or token(value)}")


def _remove(text: str, parent: Span, index: int) -> Splice:
    count = len(parent.entries)
    if count < 2 or index >= count:
        raise CannotEdit
    span = parent.entries[index]
    if parent.flow:
        other = parent.entries[index - 1] if index else parent.entries[1]
        cut = (other.end, span.end) if index else (span.start, other.start)
        between = text[cut[0] : span.start] if index else text[span.end : cut[1]]
        if between.strip() != ",":
            raise CannotEdit
        return Splice(*cut, "")
    start = _line_start(text, span.start)
    lead = text[start : span.start]
    if lead.strip(" ") != "-":
        raise CannotEdit
    return Splice(start, _next_line(text, span.end), "")


def _line_start(text: str, position: int) -> int:
    return max(text.rfind(sign, 0, position) for sign in _BREAKS) + 1


def _next_line(text: str, position: int) -> int:
    """Return where the line after `position` starts; what ends at the start of a line, a block scalar, ends there."""
    if position and text[position - 1] in _BREAKS and text[position - 1 : position + 1] != "\r\n":
        return position
    found = _BREAK.search(text, position)
    return found.end() if found else len(text)


def _line(text: str, position: int, column: int, line: str) -> Splice:
    """Return the splice that adds a line after the one in which something ends, and after comments that belong to it."""
    place = _next_line(text, position)
    while (comment := _COMMENT.match(text, place)) and len(comment[1]) > column:
        place = _next_line(text, comment.end())
    ending = _ending(text, position)
    line = " " * column + line
    ends = place == 0 or text[place - 1] in _BREAKS
    return Splice(place, place, f"{line}{ending}" if ends else f"{ending}{line}")


def _ending(text: str, position: int) -> str:
    found = _BREAK.search(text, position) or _BREAK.search(text)
    return "\r\n" if found and found[0] == "\r\n" else "\n"
