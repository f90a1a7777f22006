"""Faults to sentences: say what is wrong, what is there, what is allowed; never the value of a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from validator.schema import show
from validator.schema.kinds import Kind
from validator.schema.patterns import MEANINGS
from validator.schema.problem import Fault, Pointer, SchemaProblem
from validator.schema.walk import Node, node_at, resolve, value_at

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "object": "a mapping",
    "array": "a list",
}
_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "minLength": "must have at least {} character(s)",
    "maxLength": "must have at most {} character(s)",
    "minItems": "must have at least {} item(s)",
    "maxItems": "must have at most {} item(s)",
    "minProperties": "must have at least {} field(s)",
    "maxProperties": "must have at most {} field(s)",
}
_VARIABLE = re.compile(r"\$\{[^}]+\}")
_ABOUT_THE_TEXT = frozenset({"type", "enum", "pattern", "minLength", "maxLength", "anyOf", "oneOf"})
_ABOUT_ABSENCE = frozenset({"required", "anyOf", "oneOf", "minProperties", "minItems"})
_MOST_NAMES = 8


def describe(
    kind: Kind, value: Any, faults: Iterable[Fault], prefix: Pointer = (), *, partial: bool = False
) -> list[SchemaProblem]:
    """Return the problems that `faults` make of a document, sorted by place, each once.

    Of a partial document (a strategic merge patch, or a base that overlays complete) nothing is said to be missing.
    """
    problems = {
        SchemaProblem(prefix + _place(fault), fault.keyword, _message(kind.schema, value, fault))
        for fault in _leading(faults)
        if not _opaque(value, fault) and not (partial and _of_a_part(fault))
    }
    return sorted(problems, key=lambda problem: (_order(problem.pointer), problem.keyword, problem.message))


def _place(fault: Fault) -> Pointer:
    return (*fault.pointer, fault.name) if fault.keyword == "additionalProperties" else fault.pointer


def _order(pointer: Pointer) -> tuple[tuple[bool, int, str], ...]:
    return tuple((False, token, "") if isinstance(token, int) else (True, 0, token) for token in pointer)


def _leading(faults: Iterable[Fault]) -> list[Fault]:
    """Drop what follows from another fault of the same value: a wrong type fails every other keyword as well.

    Engines differ in how far they go on: kubeconform stops at the type, and at the list of allowed values.
    """
    found = list(dict.fromkeys(faults))
    wrong_type = {fault.pointer for fault in found if fault.keyword == "type"}
    wrong_value = {fault.pointer for fault in found if fault.keyword == "enum"}
    return [
        fault
        for fault in found
        if fault.keyword == "type"
        or (fault.pointer not in wrong_type and (fault.keyword == "enum" or fault.pointer not in wrong_value))
    ]


def _opaque(value: Any, fault: Fault) -> bool:
    """Return whether the text at fault stands for another: a Flux variable, or what SOPS has encrypted."""
    if fault.keyword not in _ABOUT_THE_TEXT:
        return False
    try:
        found = value_at(value, fault.pointer)
    except LookupError:
        return False
    if not isinstance(found, str):
        return False
    return bool(_VARIABLE.search(found)) or (found.startswith("ENC[") and "sops" in value)


def _of_a_part(fault: Fault) -> bool:
    return fault.keyword in _ABOUT_ABSENCE or (fault.keyword == "additionalProperties" and fault.name.startswith("$"))


def _message(root: Node, value: Any, fault: Fault) -> str:
    node = node_at(root, fault.pointer) or {}
    keyword = fault.keyword
    where = show.path(fault.pointer) if fault.pointer else "the document"
    if keyword == "required":
        return f"{show.path((*fault.pointer, fault.name))} is missing"
    if keyword == "additionalProperties":
        return _unknown(node, fault)
    try:
        found = value_at(value, fault.pointer)
    except LookupError:
        return f"{where} is not allowed here (`{show.plain(keyword)}`)"
    shown = "" if show.is_secret(value, fault.pointer) else show.value(found)
    if keyword == "type":
        return _type(node, where, found, shown)
    if keyword == "enum":
        return _choice(node, where, found, shown)
    if keyword == "pattern":
        pattern = str(node.get("pattern"))
        wanted = MEANINGS.get(pattern) or f"must match `{show.plain(pattern, 200)}`"
        return f"{where} {wanted}" + (f", is {shown}" if shown else "")
    if keyword in _LIMITS:
        return _limit(node.get(keyword), where, keyword, found, shown)
    if keyword == "uniqueItems":
        return f"{where} holds an item twice"
    if keyword in ("oneOf", "anyOf"):
        return _alternatives(root, node, where, keyword, found)
    return f"{where} is not allowed here (`{show.plain(keyword)}`)"


def _unknown(node: Node, fault: Fault) -> str:
    parent = f" in {show.path(fault.pointer)}" if fault.pointer else ""
    text = f"unknown field `{show.plain(fault.name)}`{parent}"
    names = sorted(name for name in node.get("properties", {}) if name != "sops")
    if near := show.closest(fault.name, names):
        return f"{text}, did you mean `{near}`?"
    return f"{text}, known are {show.listed(names)}" if 0 < len(names) <= _MOST_NAMES else text


def _type(node: Node, where: str, found: Any, shown: str) -> str:
    types = node.get("type", [])
    wanted = [_TYPES[name] for name in (types if isinstance(types, list) else [types]) if name in _TYPES]
    text = f"{where} must be {' or '.join(wanted)}" if wanted else f"{where} has the wrong type"
    if found is None:
        return f"{text}, is empty"
    text += f", is {_TYPES[_NAMES.get(type(found), 'string')]}" + (f" {shown}" if shown else "")
    return f"{text}; put it in quotes" if wanted == ["a string"] and isinstance(found, bool | int | float) else text


def _choice(node: Node, where: str, found: Any, shown: str) -> str:
    options = [option for option in node.get("enum", ()) if option is not None]
    text = f"{where} must be {'one of ' if len(options) > 1 else ''}{', '.join(map(show.value, options))}"
    if shown:
        text += f", is {shown}"
    texts = [option for option in options if isinstance(option, str)]
    if isinstance(found, str) and len(options) > 1 and shown and (near := show.closest(found, texts)):
        text += f", did you mean `{near}`?"
    return text


def _limit(limit: Any, where: str, keyword: str, found: Any, shown: str) -> str:
    if keyword in ("minLength", "minItems", "minProperties") and limit == 1:
        return f"{where} must not be empty"
    text = f"{where} {_LIMITS[keyword].format(limit).replace('(s)', '' if limit == 1 else 's')}"
    if isinstance(found, str | list | dict):
        return f"{text}, has {len(found)}"
    return f"{text}, is {shown}" if shown else text


def _alternatives(root: Node, node: Node, where: str, keyword: str, found: Any) -> str:
    branches = [resolve(root, branch) for branch in node.get(keyword, ())]
    groups = [branch.get("required", []) for branch in branches]
    if not groups or not all(set(branch) == {"required"} for branch in branches) or not isinstance(found, dict):
        return f"{where} has none of the allowed forms"
    names = [" and ".join(f"`{name}`" for name in group) for group in groups]
    if sum(all(name in found for name in group) for group in groups) > 1 and keyword == "oneOf":
        return f"{where} must have only one of {', '.join(names)}"
    return f"{where} must have {' or '.join(names)}"
