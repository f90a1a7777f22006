"""Check a value against the estate schema and say, in the estate's words, what is wrong with it and where.

The keywords are those that `schemas/estate.schema.json` uses, with the meaning of JSON Schema 2020-12; a test holds
this module against the jsonschema package. It exists beside that package because plain `cookiecutter` must be able to
refuse an estate file with nothing but PyYAML at hand, and because a message needs the text that stood in the file.
`errorMessage` beside a constraint is its message, as in the YAML language server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

from validator.estate_file.flaw import Flaw, Pointer, described, label, nearest, shown

Schema: TypeAlias = "dict[str, Any]"
Words: TypeAlias = "Callable[[Pointer], str | None]"
"""Returns the unquoted text of the scalar at a pointer, None when it was quoted or is no scalar."""

SECRET_KEY = re.compile(
    r"pass(word|wd|phrase|code)?$|^pwd$|secret$|secretkey|token$|credentials?$|(api|access|private|secret)_?key(data)?$",
    re.IGNORECASE,
)
_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "object": ("a mapping", (dict,)),
    "array": ("a list", (list,)),
    "string": ("a string", (str,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", (bool,)),
}


def flaws(value: Any, schema: Schema, words: Words) -> Iterator[Flaw]:
    """Yield everything that is wrong with `value`, in the order of the file's content."""
    yield from _Check(schema, words).any(value, schema, ())


class _Check:
    def __init__(self, root: Schema, words: Words) -> None:
        self._root = root
        self._words = words
        self._followed: dict[str, Schema] = {}

    def follow(self, schema: Schema) -> Schema:
        """Return what a `$ref` points to, with the schema's own keywords; no constraint ever stands beside a `$ref`."""
        if "$ref" not in schema:
            return schema
        name = schema["$ref"].removeprefix("#/$defs/")
        target: Schema = self._root["$defs"][name]
        if not any(key in schema for key in ("description", "default")):
            return target
        key = f"{name} {schema.get('description', '')}"
        if key not in self._followed:
            self._followed[key] = {**target, **{name: item for name, item in schema.items() if name != "$ref"}}
        return self._followed[key]

    def valid(self, value: Any, schema: Schema) -> bool:
        return next(self.any(value, schema, ()), None) is None

    def any(self, value: Any, schema: Schema, at: Pointer) -> Iterator[Flaw]:
        schema = self.follow(schema)
        if (wrong := self._type(value, schema, at)) is not None:
            yield wrong
            return
        if (wrong := self._value(value, schema, at)) is not None:
            yield wrong
            return
        if isinstance(value, dict):
            yield from self._object(value, schema, at)
        elif isinstance(value, list):
            yield from self._array(value, schema, at)
        yield from self._logic(value, schema, at)

    def _below(self, value: Any, schema: Schema, at: Pointer) -> Iterable[Flaw]:
        """Return what is wrong with a value below another one; most are scalars, which need no further descent."""
        schema = self.follow(schema)
        if isinstance(value, dict | list) or "allOf" in schema or "if" in schema:
            return self.any(value, schema, at)
        wrong = self._type(value, schema, at) or self._value(value, schema, at)
        return () if wrong is None else (wrong,)

    def _type(self, value: Any, schema: Schema, at: Pointer) -> Flaw | None:
        expected = schema.get("type")
        if expected is None:
            return None
        name, types = _TYPES[expected]
        if isinstance(value, types) and not (isinstance(value, bool) and bool not in types):
            return None
        text, hint = self._words(at), None
        if expected == "string" and isinstance(value, bool | int | float):
            hint = f'quote it: "{text}"' if text is not None else None
        elif expected in ("integer", "number", "boolean") and isinstance(value, str) and value.isalnum():
            hint = "write it without quotes"
        return Flaw(at, f"`{label(at)}` must be {name}, is {described(value, text)}", hint, useless=True)

    def _value(self, value: Any, schema: Schema, at: Pointer) -> Flaw | None:
        if "enum" in schema and value not in schema["enum"]:
            allowed = [str(item) for item in schema["enum"]]
            choice = ", ".join(f"`{item}`" for item in allowed)
            hint = _did_you_mean(nearest(str(value), allowed))
            return Flaw(at, f"`{label(at)}` is {shown(value)}, allowed are {choice}", hint, useless=True)
        if "const" in schema and value != schema["const"]:
            return Flaw(at, f"`{label(at)}` {_message(schema)}", useless=True)
        if isinstance(value, str):
            length = len(value)
            if length > schema.get("maxLength", length):
                limit = schema["maxLength"]
                return Flaw(at, f"`{label(at)}` has {length} characters, at most {limit} are allowed", useless=True)
            wrong = length < schema.get("minLength", 0) or (
                "pattern" in schema and not _matches(schema["pattern"], value)
            )
            if wrong or ("not" in schema and self.valid(value, schema["not"])):
                return Flaw(
                    at, f"`{label(at)}` is {shown(value) if value else 'empty'}, {_message(schema)}", useless=True
                )
        elif isinstance(value, int | float) and not isinstance(value, bool):
            low, high = schema.get("minimum", value), schema.get("maximum", value)
            if not low <= value <= high:
                return Flaw(at, f"`{label(at)}` is `{value}`, allowed is {low} to {high}", useless=True)
        return None

    def _object(self, value: dict[str, Any], schema: Schema, at: Pointer) -> Iterator[Flaw]:
        if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
            yield Flaw(at, f"`{label(at)}` {schema['errorMessage']}, has {len(value)}", useless=True)
            return
        properties: dict[str, Schema] = schema.get("properties", {})
        additional = schema.get("additionalProperties", True)
        meant: set[str] = set()
        for name, item in value.items():
            if name in properties:
                yield from self._below(item, properties[name], (*at, name))
            elif additional is False:
                flaw, near = _unknown(name, list(properties), value, at)
                meant.add(near or "")
                yield flaw
            elif not self.valid(name, schema.get("propertyNames", {})):
                yield Flaw((*at, name), f"{shown(name)} is not a label key", key=True, useless=True)
            elif isinstance(additional, dict):
                yield from self.any(item, {"errorMessage": "is not a label value", **additional}, (*at, name))
        for name in schema.get("required", ()):
            if name not in value and name not in meant:
                hint = _told(self.follow(properties.get(name, {})))
                yield Flaw(at, f"`{label(at)}` needs `{name}`", hint, key=True)

    def _array(self, value: list[Any], schema: Schema, at: Pointer) -> Iterator[Flaw]:
        if len(value) < schema.get("minItems", 0):
            yield Flaw(at, f"`{label(at)}` is empty, at least {schema['minItems']} is needed", useless=True)
        if len(value) > schema.get("maxItems", len(value)):
            yield Flaw(
                at, f"`{label(at)}` has {len(value)} items, at most {schema['maxItems']} are allowed", useless=True
            )
        seen: set[str] = set()
        for index, item in enumerate(value):
            yield from self._below(item, schema.get("items", {}), (*at, index))
            if schema.get("uniqueItems"):
                text = json.dumps(item, sort_keys=True)
                if text in seen:
                    yield Flaw((*at, index), f"{shown(item)} is in `{label(at)}` twice")
                seen.add(text)

    def _logic(self, value: Any, schema: Schema, at: Pointer) -> Iterator[Flaw]:
        for part in schema.get("allOf", ()):
            if not self._holds(value, part):
                yield Flaw(at, f"`{label(at)}` {part['errorMessage']}", key=True)
        if "if" in schema:
            branch = schema["then"] if self.valid(value, schema["if"]) else schema["else"]
            for name in branch.get("required", ()):
                if name not in value:
                    hint = _told(self.follow(schema["properties"][name]))
                    yield Flaw(at, f"`{label(at)}` needs `{name}`", hint, key=True)

    def _holds(self, value: Any, schema: Schema) -> bool:
        if "anyOf" in schema:
            return any(self.valid(value, option) for option in schema["anyOf"])
        if "not" in schema:
            return not self._holds(value, schema["not"])
        if "if" in schema:
            return self._holds(value, schema.get("then" if self.valid(value, schema["if"]) else "else", {}))
        return all(name in value for name in schema.get("required", ()))


def _message(schema: Schema) -> str:
    return str(schema.get("errorMessage", "is not allowed"))


def _unknown(name: str, allowed: list[str], given: dict[str, Any], at: Pointer) -> tuple[Flaw, str | None]:
    if SECRET_KEY.search(name):
        message = f"{shown(name)}{_within(at)} looks like a secret, and an estate file lies in Git in plain text"
        hint = (
            "take it out, and change it if it was ever pushed: the rendered repository has a template for every secret"
        )
        return Flaw((*at, name), message, hint, key=True, useless=True), None
    near = nearest(name, [other for other in allowed if other not in given])
    hint = _did_you_mean(near) or "allowed are " + ", ".join(f"`{other}`" for other in allowed)
    return Flaw((*at, name), f"unknown key {shown(name)}{_within(at)}", hint, key=True, useless=True), near


def _told(schema: Schema) -> str | None:
    """Return a description as a hint: its first letter small unless it begins a name, no full stop at its end."""
    text = str(schema.get("description", "")).removesuffix(".")
    begins_name = text[1:2].isupper() or text.startswith(("Avi ", "Kubernetes ", "Tanzu "))
    return (text if begins_name else text[:1].lower() + text[1:]) or None


def _within(at: Pointer) -> str:
    return f" in `{label(at)}`" if at else ""


def _did_you_mean(name: str | None) -> str | None:
    return f"did you mean `{name}`?" if name else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, text: str) -> bool:
    """Match as JSON Schema does, but with `$` at the very end: Python's would let a last line break pass."""
    expression = _compiled(pattern)
    if pattern.startswith("^") and pattern.endswith("$"):
        return expression.fullmatch(text) is not None
    return expression.search(text) is not None
