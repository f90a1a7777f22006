"""Two releases of one kind to the schema that accepts what either accepts.

One file serves every release, so a limit stays only where all releases have it; what a single release lacks is
for a rule to say, which knows the release.
"""

from __future__ import annotations

from typing import Any

from validator.schema.openapi import Schema

# The looser of two limits; a limit that one side lacks is no limit.
LOOSER = {
    "minimum": min,
    "exclusiveMinimum": min,
    "minLength": min,
    "minItems": min,
    "minProperties": min,
    "maximum": max,
    "exclusiveMaximum": max,
    "maxLength": max,
    "maxItems": max,
    "maxProperties": max,
}


def union(one: Schema, two: Schema) -> Schema:
    """Return the loosest common schema of two strict ones."""
    if one == two:
        return one
    if not one or not two:
        return {}
    types = _types(one, two)
    out: Schema = {"type": types} if types else {}
    for word, choose in LOOSER.items():
        if word in one and word in two:
            out[word] = choose(one[word], two[word])
    if "default" in two:
        out["default"] = two["default"]
    for word in ("pattern", "oneOf", "anyOf", "allOf", "not", "multipleOf"):
        if word in one and one[word] == two.get(word):
            out[word] = one[word]
    if "enum" in one and "enum" in two:
        out["enum"] = [*two["enum"], *(value for value in one["enum"] if value not in two["enum"])]
    if "items" in one and "items" in two:
        out["items"] = union(one["items"], two["items"])
    if "object" in types:
        out |= _object(one, two)
    return out


def _types(one: Schema, two: Schema) -> Any:
    if "type" not in one or "type" not in two:
        return []
    names: list[str] = []
    for side in (one, two):
        for name in side["type"] if isinstance(side["type"], list) else [side["type"]]:
            if name not in names:
                names.append(name)
    return names[0] if len(names) == 1 else names


def _object(one: Schema, two: Schema) -> Schema:
    out: Schema = {}
    if required := sorted(set(one.get("required", ())) & set(two.get("required", ()))):
        out["required"] = required
    mine, yours = one.get("properties", {}), two.get("properties", {})
    if names := sorted({*mine, *yours}):
        out["properties"] = {
            name: union(mine[name], yours[name]) if name in mine and name in yours else mine.get(name, yours.get(name))
            for name in names
        }
    sides = [side.get("additionalProperties", True) for side in (one, two)]
    if all(side is False for side in sides):
        out["additionalProperties"] = False
    elif all(isinstance(side, dict) for side in sides):
        out["additionalProperties"] = union(*sides)
    elif False in sides and any(isinstance(side, dict) for side in sides):
        out["additionalProperties"] = next(side for side in sides if isinstance(side, dict))
    return out
