"""Turn the source of a chart into one self-contained schema per release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from validator.facts import version

Schema = dict[str, Any]

HERE = Path(__file__).parent
CHARTS = {
    "ako": "vmware/load-balancer-and-ingress-services-for-kubernetes helm/ako",
    "amko": "vmware/global-load-balancing-services-for-kubernetes helm/amko",
}
_LISTS_OF_SCHEMAS = ("anyOf", "allOf", "oneOf")


def schemas(chart: str) -> Iterator[tuple[str, Schema]]:
    """Yield every release of a chart with its schema, oldest first."""
    source = _load(chart)
    parts = _load("parts")
    for release in source["releases"]:
        body = _at(source["schema"], release, chart)
        yield (
            release,
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": f"{source['title']} {release}",
                "$comment": f"{CHARTS[chart]}, release {release}; written by tools/values",
                **body,
                "$defs": _used(body, {name: _at(part, release, chart) for name, part in parts.items()}),
            },
        )


def _load(name: str) -> dict[str, Any]:
    with (HERE / f"{name}.yaml").open("rb") as stream:
        data: dict[str, Any] = yaml.safe_load(stream)
    return data


def _older(left: str, right: str) -> bool:
    return (version.compare(left, right) or 0) < 0


def _at(source: Schema, release: str, chart: str) -> Schema:
    """Return a schema of the source as one release has it."""
    schema = {key: value for key, value in source.items() if key != "x-changes"}
    for change in source.get("x-changes", ()):
        if not _older(release, change["from"]):
            schema.update(change.get("set", {}))
            for keyword in change.get("remove", ()):
                del schema[keyword]
    if schema.pop("x-any-case", False):
        schema["x-values"] = schema.pop("enum")
        schema["pattern"] = _any_case(schema["x-values"])
    schema.pop("x-since", None)
    schema.pop("x-until", None)
    if "properties" in schema and schema.get("additionalProperties") is False:
        absent = {**_absent(schema["properties"], release, chart), **schema.get("x-absent", {})}
        schema["properties"] = {
            name: _at(part, release, chart) for name, part in schema["properties"].items() if _has(part, release)
        }
        schema.pop("x-absent", None)
        if absent:
            schema["x-absent"] = {name: absent[name] for name in sorted(absent)}
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            schema[keyword] = _at(schema[keyword], release, chart)
    for keyword in _LISTS_OF_SCHEMAS:
        if keyword in schema:
            schema[keyword] = [_at(part, release, chart) for part in schema[keyword]]
    return schema


def _has(part: Schema, release: str) -> bool:
    since, until = part.get("x-since"), part.get("x-until")
    return not (since and _older(release, since)) and not (until and not _older(release, until))


def _absent(properties: dict[str, Schema], release: str, chart: str) -> dict[str, str]:
    """Return the keys that other releases know, with what became of them."""
    name = chart.upper()
    found = {}
    for key, part in properties.items():
        if not _has(part, release):
            since, until = part.get("x-since"), part.get("x-until")
            early = since and _older(release, since)
            found[key] = f"{name} {since} is the first to read it" if early else f"{name} {until} no longer reads it"
    return found


def _any_case(words: list[str | None]) -> str:
    def letters(word: str) -> str:
        return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in word)

    return "^(?:" + "|".join(letters(word) for word in words if word is not None) + ")$"


def _used(body: Schema, parts: dict[str, Schema]) -> dict[str, Schema]:
    """Return the parts that a schema refers to, also through each other."""
    wanted: list[str] = list(_references(body))
    used: dict[str, Schema] = {}
    while wanted:
        name = wanted.pop()
        if name not in used:
            used[name] = parts[name]
            wanted += _references(parts[name])
    return {name: part for name, part in parts.items() if name in used}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference.removeprefix("#/$defs/")
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
