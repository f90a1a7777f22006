"""What is wrong with chart values, told for people: what stands there, what is allowed, what was meant."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

Pointer = tuple[str | int, ...]

CREDENTIALS = frozenset({"avicredentials", "gslbLeaderCredentials"})
"""Top-level keys whose content is never shown."""

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with values, at `pointer`; for an unknown key the pointer ends with that key."""

    pointer: Pointer
    keyword: str
    """The keyword of JSON Schema that the values break; `additionalProperties` for an unknown key."""
    message: str
    suggestion: Any = None
    """The key or the value that was probably meant, None when there is no good guess."""

    @property
    def is_key(self) -> bool:
        """Return whether the key is wrong, not the value under it."""
        return self.keyword == "additionalProperties"


def problems(schema: dict[str, Any], validator: Draft202012Validator, values: object) -> list[Problem]:
    """Return the problems of values under a schema that `tools/values` wrote, one per place, in a fixed order.

    `validator` is the same schema, compiled.
    """
    found: dict[tuple[Pointer, bool], Problem] = {}
    try:
        if validator.is_valid(values):
            return []
        for error in validator.iter_errors(values):
            for problem in _explain(schema, error):
                found.setdefault((problem.pointer, problem.is_key), problem)
    except ValueError:  # what Python can hold and JSON cannot
        return [Problem((), "type", "the values hold something that JSON cannot, such as a key that is not text")]
    renamed = {problem.pointer[:-1] for problem in found.values() if problem.is_key and problem.suggestion}
    told = [p for p in found.values() if p.keyword not in ("required", "anyOf") or p.pointer not in renamed]
    return sorted(told, key=lambda problem: [(isinstance(step, str), step) for step in problem.pointer])


def _explain(schema: dict[str, Any], error: Any) -> Iterator[Problem]:
    path = list(error.schema_path)
    node: Any = schema
    for step in path[:-1]:
        node = node[step]
    pointer: Pointer = tuple(error.instance_path)
    keyword = str(path[-1])
    if keyword == "additionalProperties":
        for key in error.kind.unexpected:
            yield _unknown(schema, node, pointer, key)
    elif keyword == "required":
        reason = f": {node['x-problem']}" if "x-problem" in node else ""
        yield Problem(pointer, keyword, f"{name(pointer)} has no `{error.kind.property}`{reason}")
    else:
        yield _misfit(schema, node, pointer, keyword, error.instance)


def _unknown(schema: dict[str, Any], node: Mapping[str, Any], pointer: Pointer, key: str) -> Problem:
    known = list(node.get("properties", {}))
    start = f"unknown key `{_short(key)}`" + (f" under {name(pointer)}" if pointer else "")
    where = (*pointer, key)
    if reason := node.get("x-absent", {}).get(key):
        called = re.match(r"it is called `([^`]+)`", reason)
        return Problem(where, "additionalProperties", f"{start}: {reason}", called[1] if called else None)
    if guess := _closest(key, known):
        return Problem(where, "additionalProperties", f"{start}, did you mean `{guess}`", guess)
    if reason := node.get("x-unknown"):
        return Problem(where, "additionalProperties", f"{start}: {reason}")
    homes = {home: found for home, found in _maps(schema) if home != pointer}
    if there := _closest(key, sorted({word for words in homes.values() for word in words})):
        places = [name(home) for home, words in homes.items() if there in words]
        what = "it" if there == key else f"`{there}`"
        return Problem(where, "additionalProperties", f"{start}: {what} stands under {' and under '.join(places)}")
    rest = f", it reads {_list(sorted(known))}" if len(known) < 9 else ""
    return Problem(where, "additionalProperties", f"{start}: the chart does not read it{rest}")


def _misfit(schema: dict[str, Any], node: Mapping[str, Any], pointer: Pointer, keyword: str, value: Any) -> Problem:
    hidden = bool(node.get("writeOnly")) or (bool(pointer) and pointer[0] in CREDENTIALS)
    text = f"{name(pointer)} is {_kind(value) if hidden else _describe(value, keyword)}"
    words = [word for word in node.get("x-values", node.get("enum", ())) if isinstance(word, str) and word]
    if words and "false" not in words:
        text += f", allowed are {_list(words)}"
    if reason := node.get("x-problem"):
        text += f": {reason}"
    elif not words:
        types = node.get("type", ())
        text += f", allowed is {' or '.join(_TYPES[kind] for kind in ([types] if isinstance(types, str) else types))}"
    guess = None if hidden else _meant(schema, node, value, words)
    if isinstance(guess, str) and words and isinstance(value, str):
        text += f"; did you mean `{guess}`"
    return Problem(pointer, keyword, text, guess)


def _meant(schema: dict[str, Any], node: Mapping[str, Any], value: Any, words: list[str]) -> Any:
    """Return the value that fits the schema and is closest to `value`, None when there is none."""
    import jsonschema_rs

    guesses: list[Any] = []
    if isinstance(value, bool):
        guesses = ["true" if value else "false"]
    elif isinstance(value, int | float):
        guesses = [str(value)]
    elif isinstance(value, str):
        if value.lower() in ("true", "false"):
            guesses += [value.lower() == "true", value.lower()]
        if value.isascii() and value.isdigit() and len(value) < 10:
            guesses.append(int(value))
        if close := _closest(value, words):
            guesses.append(close)
    fits = jsonschema_rs.Draft202012Validator({**node, "$defs": schema.get("$defs", {})}).is_valid
    return next((guess for guess in guesses if fits(guess)), None)


def _closest(word: str, words: list[str]) -> str | None:
    folded = {known.lower(): known for known in words}
    close = difflib.get_close_matches(word.lower()[:100], list(folded), n=1, cutoff=0.75)
    return folded[close[0]] if close else None


def _maps(schema: Mapping[str, Any], at: Pointer = ()) -> Iterator[tuple[Pointer, list[str]]]:
    """Yield every map of a schema that lists its keys, with these keys."""
    parts: dict[str, Any] = schema.get("properties", {})
    if parts:
        yield at, list(parts)
    for key, part in parts.items():
        yield from _maps(part, (*at, key))


def _list(words: list[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def name(pointer: Pointer) -> str:
    """Return a pointer as people write it: `configs.memberClusters[0].clusterContext`."""
    text = ""
    for step in pointer:
        text += f"[{step}]" if isinstance(step, int) else f".{_short(step)}" if text else _short(step)
    return f"`{text}`" if text else "the values"


def _describe(value: Any, keyword: str) -> str:
    if isinstance(value, str):
        return "empty" if not value else f"{'the text ' * (keyword == 'type')}`{_short(value)}`"
    if isinstance(value, bool | int | float):
        return f"{_kind(value).replace('a ', 'the ', 1)} `{json.dumps(value)[:40]}`"
    return _kind(value)


def _kind(value: Any) -> str:
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a map"


def _short(text: str) -> str:
    """Return text on one line without control characters, at most 60 characters."""
    plain = "".join(char if char.isprintable() else "?" for char in text[:61]).replace("`", "'")
    return plain if len(plain) <= 60 else plain[:59] + "…"
