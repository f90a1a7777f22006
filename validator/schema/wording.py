"""Faults to sentences: say what is wrong, what is there, what is allowed; never the value of a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from validator.schema.kinds import Kind
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
_LIMITS = {
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "exclusiveMinimum": "must be more than {limit}",
    "exclusiveMaximum": "must be less than {limit}",
    "multipleOf": "must be a multiple of {limit}",
    "minLength": "must have at least {limit} {characters}",
    "maxLength": "must have at most {limit} {characters}",
    "minItems": "must have at least {limit} {entries}",
    "maxItems": "must have at most {limit} {entries}",
    "minProperties": "must have at least {limit} {fields}",
    "maxProperties": "must have at most {limit} {fields}",
}
# Flux and kustomize durations; their expressions say less to a reader than an example.
_PATTERNS = {
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "must be a duration such as `5m` or `1h30m`",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": "must be a duration of minutes or less such as `30s` or `5m`",
}
_SECRET = re.compile(r"passw|passphrase|token|secret|credential|private|apikey", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[^}]+\}")
_ABOUT_THE_TEXT = frozenset({"type", "enum", "const", "pattern", "minLength", "maxLength", "anyOf", "oneOf"})
_MOST_NAMES = 8
_LONGEST = 60


def describe(kind: Kind, value: Any, faults: Iterable[Fault], prefix: Pointer = ()) -> list[SchemaProblem]:
    """Return the problems that `faults` make of a document, sorted by place, each once."""
    problems = {
        SchemaProblem(prefix + _place(fault), fault.keyword, _message(kind.schema, value, fault))
        for fault in _leading(faults)
        if not _opaque(value, fault)
    }
    return sorted(problems, key=lambda problem: (_order(problem.pointer), problem.keyword, problem.message))


def _place(fault: Fault) -> Pointer:
    return (*fault.pointer, fault.name) if fault.keyword == "additionalProperties" else fault.pointer


def _order(pointer: Pointer) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (False, token, "") if isinstance(token, int) else (True, 0, token) for token in pointer
    )


def _leading(faults: Iterable[Fault]) -> list[Fault]:
    """Drop what follows from another fault of the same value: a wrong type fails every other keyword as well.

    Engines differ in how far they go on: kubeconform stops at the type, and at the list of allowed values.
    """
    found = list(dict.fromkeys(faults))
    wrong_type = {fault.pointer for fault in found if fault.keyword == "type"}
    wrong_value = {fault.pointer for fault in found if fault.keyword in ("enum", "const")} - wrong_type
    return [
        fault
        for fault in found
        if fault.keyword == "type"
        or (fault.pointer not in wrong_type and fault.keyword in ("enum", "const"))
        or fault.pointer not in wrong_type | wrong_value
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


def _message(root: Node, value: Any, fault: Fault) -> str:
    node = node_at(root, fault.pointer) or {}
    where = _path(fault.pointer) if fault.pointer else "the document"
    if fault.keyword == "required":
        return f"{_path((*fault.pointer, fault.name))} is missing"
    if fault.keyword == "additionalProperties":
        return _unknown(node, fault)
    try:
        found = value_at(value, fault.pointer)
    except LookupError:
        return f"{where} is not allowed here (`{fault.keyword}`)"
    shown = "" if _is_secret(value, fault.pointer) else _quoted(found)
    if fault.keyword == "type":
        return _type(node, where, found, shown)
    if fault.keyword in ("enum", "const"):
        return _choice(node, where, found, shown)
    if fault.keyword == "pattern":
        wanted = _PATTERNS.get(node.get("pattern", ""), f"must match `{_plain(str(node.get('pattern')), 200)}`")
        return f"{where} {wanted}" + (f", is {shown}" if shown else "")
    if fault.keyword in _LIMITS:
        return _limit(node, where, fault.keyword, found, shown)
    if fault.keyword == "uniqueItems":
        return f"{where} holds an entry twice"
    if fault.keyword in ("oneOf", "anyOf"):
        return _alternatives(root, node, where, fault.keyword, found)
    return f"{where} is not allowed here (`{_plain(fault.keyword, _LONGEST)}`)"


def _unknown(node: Node, fault: Fault) -> str:
    parent = f" in {_path(fault.pointer)}" if fault.pointer else ""
    text = f"unknown field `{_plain(fault.name, _LONGEST)}`{parent}"
    names = sorted(name for name in node.get("properties", {}) if name != "sops")
    if near := closest(fault.name, names):
        return f"{text}, did you mean `{near}`?"
    if 0 < len(names) <= _MOST_NAMES:
        return f"{text}, known are {', '.join(f'`{name}`' for name in names)}"
    return text


def closest(name: str, names: list[str]) -> str | None:
    """Return the one of `names` that was probably meant."""
    import difflib

    folded = {one.lower(): one for one in reversed(names)}
    if name.lower() in folded:
        return folded[name.lower()]
    near = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.75)
    return folded[near[0]] if near else None


def _type(node: Node, where: str, found: Any, shown: str) -> str:
    types = [_TYPES[name] for name in _as_list(node.get("type")) if name in _TYPES]
    text = f"{where} must be {' or '.join(types)}" if types else f"{where} has the wrong type"
    text += ", is empty" if found is None else f", is {_TYPES[_type_of(found)]}"
    if shown and not isinstance(found, dict | list) and found is not None:
        text += f" {shown}"
    if types == ["a string"] and isinstance(found, bool | int | float):
        text += "; put it in quotes"
    return text


def _choice(node: Node, where: str, found: Any, shown: str) -> str:
    options = node["enum"] if "enum" in node else [node["const"]] if "const" in node else []
    options = [option for option in options if option is not None]
    listed = ", ".join(_quoted(option) for option in options)
    text = f"{where} must be {'one of ' if len(options) > 1 else ''}{listed}"
    if shown:
        text += f", is {shown}"
    texts = [option for option in options if isinstance(option, str)]
    if isinstance(found, str) and len(options) > 1 and shown and (near := closest(found, texts)):
        text += f", did you mean `{near}`?"
    return text


def _limit(node: Node, where: str, keyword: str, found: Any, shown: str) -> str:
    limit = node.get(keyword)
    if keyword in ("minLength", "minItems", "minProperties") and limit == 1:
        return f"{where} must not be empty"
    words = {word: word if limit != 1 else _ONE[word] for word in _ONE}
    text = f"{where} {_LIMITS[keyword].format(limit=limit, **words)}"
    if isinstance(found, str | list | dict):
        return f"{text}, has {len(found)}"
    return f"{text}, is {shown}" if shown else text


_ONE = {"characters": "character", "entries": "entry", "fields": "field"}


def _alternatives(root: Node, node: Node, where: str, keyword: str, found: Any) -> str:
    branches = [resolve(root, branch) for branch in node.get(keyword, ())]
    groups = [branch.get("required", []) for branch in branches]
    if not groups or not all(set(branch) == {"required"} for branch in branches) or not isinstance(found, dict):
        return f"{where} has none of the allowed forms"
    listed = " or ".join(" and ".join(f"`{name}`" for name in group) for group in groups)
    present = [group for group in groups if all(name in found for name in group)]
    if keyword == "oneOf" and len(present) > 1:
        return f"{where} must have only one of {listed.replace(' or ', ', ')}"
    return f"{where} must have {listed}"


def _is_secret(value: Any, pointer: Pointer) -> bool:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "Secret" and pointer[:1] in {("data",), ("stringData",)}:
        return True
    return any(isinstance(token, str) and _SECRET.search(token) for token in pointer[-1:])


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "string")


def _as_list(types: Any) -> list[Any]:
    return types if isinstance(types, list) else [types]


def _path(pointer: Pointer) -> str:
    text = ""
    for token in pointer:
        if isinstance(token, int):
            text += f"[{token}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", token):
            text += f".{token}" if text else token
        else:
            text += f'["{_plain(token, _LONGEST)}"]'
    return f"`{text}`"


def _quoted(value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    text = {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else value
    return f"`{_plain(str(text), _LONGEST)}`"


def _plain(text: str, longest: int) -> str:
    """Return repository text that is safe to print: no control characters, no line breaks, not too long."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
