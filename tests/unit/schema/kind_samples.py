"""Documents for every schema under `schemas/kinds/`: good ones, and copies with one fault each."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from validator.schema.kinds import folder
from validator.schema.walk import resolve

Node = dict[str, Any]
Place = tuple[str | int, ...]

# A text for every pattern in use; a pattern that is missing here fails the test that needs it.
MATCHING = {
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": "name",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": "a.name",
    r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$": "Value_1",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "1h30m",
    r"^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+)$": "1h30m",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": "90s",
    r"^(?:[A-Za-z0-9+/=\r\n]*|ENC\[.*\])$": "aGVsbG8=",
    r"^([0-9]+-)*[0-9]*[a-z](-?[a-z0-9])*$": "http-1",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
    r"[!\x24-;=A-Z_a-z~]+$": "example.com/controller",
    r"^[0-9a-fA-F.:]+$": "192.0.2.1",
    r"^(None|[0-9a-fA-F.:]*)$": "None",
    r"^ *[0-9a-fA-F.:]+/[0-9]{1,3} *$": "10.0.0.0/8",
    r"^[-._a-zA-Z0-9]+$": "key",
    r"^[\-._a-zA-Z0-9]+$": "key",
    r"^[^/%]+$": "system:name",
    r"^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$": "a.b[0]",
    r"^\/.*$": "/path",
    r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": "*.example.com",
    r"^(http|https|oci)://.*$": "oci://example.com/charts",
    r"^oci://.*$": "oci://example.com/charts",
    r"^(http|https|ssh)://.*$": "https://example.com/repository.git",
    r"^(http|https)://.*$": "https://proxy.example.com",
    r"^[a-z0-9-]+$": "region-1",
    r"^.*@.*\.iam\.gserviceaccount\.com$": "robot@project.iam.gserviceaccount.com",
    r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
    r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$": "example.com/type",
    r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?"
    r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$": "example.com/key",
    r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": "Kind",
    r"^\[[0-9]+-[0-9]+\]$": "[1-3]",
    r"^[a-z]([-a-z0-9]*[a-z0-9])?$": "name",
    r"^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$": "@daily",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[a-z]([-a-z0-9]*[a-z0-9])?$": "a.b/c",
}
DEEPEST = 12


def schemas() -> dict[str, Node]:
    """Return every schema by `group/kind_version`."""
    top = folder()
    found = sorted(top.glob("*/*.json"))
    return {path.relative_to(top).with_suffix("").as_posix(): load(path) for path in found}


def load(path: Path) -> Node:
    schema: Node = json.loads(path.read_bytes())
    return schema


def good(root: Node, *, full: bool) -> Any:
    """Return a document that a schema accepts: with what is required alone, or with every field."""
    return _sample(root, root, full, 0)


def _sample(root: Node, node: Node, full: bool, depth: int) -> Any:
    node = resolve(root, node)
    if "enum" in node:
        return next(value for value in node["enum"] if value is not None)
    types = node.get("type", "object")
    wanted = types if isinstance(types, str) else types[0]
    if wanted == "object":
        return _mapping(root, node, full, depth)
    if wanted == "array":
        count = max(node.get("minItems", 0), 1 if full and depth < DEEPEST else 0)
        return [_sample(root, node.get("items", {"type": "string"}), full, depth + 1) for _ in range(count)]
    if wanted in ("integer", "number"):
        return node.get("minimum", node.get("maximum", 1))
    if wanted == "boolean":
        return True
    text = MATCHING[node["pattern"]] if "pattern" in node else "text"
    return text[: node.get("maxLength", 1000)].ljust(node.get("minLength", 0), "x")


def _mapping(root: Node, node: Node, full: bool, depth: int) -> dict[str, Any]:
    fields = node.get("properties", {})
    names = list(node.get("required", ()))
    if full and depth < DEEPEST:
        names += [name for name in fields if name not in names and not (depth == 0 and name == "sops")]
    for word in ("oneOf", "anyOf"):
        branches = [branch["required"] for branch in node.get(word, ())]
        if branches:
            others = {name for branch in branches[1:] for name in branch} - set(branches[0])
            names = [name for name in names if word == "anyOf" or name not in others]
            names += [name for name in branches[0] if name not in names]
    if depth == 0:
        names += [name for name in ("apiVersion", "kind") if name not in names]
    if len(names) < node.get("minProperties", 0):
        names += [name for name in fields if name not in names][: node["minProperties"]]
    names = names[: node.get("maxProperties")]
    out = {name: _sample(root, fields.get(name, {}), full, depth + 1) for name in names}
    more = node.get("additionalProperties")
    if isinstance(more, dict) and full and depth < DEEPEST:
        out["some-key"] = _sample(root, more, full, depth + 1)
    return out


def faulty(root: Node, document: Any, most: int) -> Iterator[tuple[str, Any]]:
    """Yield copies of a good document with one fault each, at most so many and evenly spread, and what the fault is."""
    found = [
        (f"{what} at {'/'.join(map(str, place))}", place, wrong)
        for place, node, value in _places(root, root, document, ())
        for what, wrong in _wrong(node, value)
        if place or all(wrong.get(key) == document[key] for key in ("apiVersion", "kind"))
    ]
    for what, place, wrong in found[:: max(1, len(found) // most)]:
        changed = copy.deepcopy(document) if place else wrong
        if place:
            _put(changed, place, wrong)
        yield what, changed


def _put(document: Any, place: Place, value: Any) -> None:
    for token in place[:-1]:
        document = document[token]
    document[place[-1]] = value


def _places(root: Node, node: Node, value: Any, place: Place) -> Iterator[tuple[Place, Node, Any]]:
    node = resolve(root, node)
    if place[:1] not in {("apiVersion",), ("kind",)}:
        yield place, node, value
    if isinstance(value, dict):
        for name, child in value.items():
            below = node.get("properties", {}).get(name, node.get("additionalProperties"))
            if isinstance(below, dict):
                yield from _places(root, below, child, (*place, name))
    elif isinstance(value, list) and "items" in node:
        for index, child in enumerate(value):
            yield from _places(root, node["items"], child, (*place, index))


def _wrong(node: Node, value: Any) -> Iterator[tuple[str, Any]]:
    types = node.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not (isinstance(value, dict) and "apiVersion" in value and "kind" in value):
        yield (
            "wrong type",
            next(
                wrong
                for kind, wrong in (("array", ["x"]), ("object", {"x": 1}), ("boolean", False), ("string", "x"))
                if kind not in types
            ),
        )
        if "null" not in types:
            yield "null", None
        if "string" in types and "integer" not in types:
            yield "number for text", 1.5
            yield "boolean for text", True
        if "integer" in types and "number" not in types:
            yield "fraction", 1.5
    if "enum" in node and "string" in types:
        yield "not in the list", "nothing 'of' the \"kind\" - at '/spec': x\\"
        yield "other case", str(value).swapcase()
    if "pattern" in node:
        yield "bad pattern", "§ it's \\ not a \"match\" - at '/x': got\n"
    for word, wrong in (
        ("minimum", node.get("minimum", 0) - 1),
        ("maximum", node.get("maximum", 0) + 1),
        ("minLength", ""),
        ("maxLength", "a" * (node.get("maxLength", 0) + 1)),
        ("minItems", []),
    ):
        if word in node:
            yield word, wrong
    if "maxItems" in node and isinstance(value, list):
        yield "maxItems", [*value, *([copy.deepcopy(value[0])] * node["maxItems"] if value else [])]
    if isinstance(value, dict):
        yield from _wrong_mapping(node, value)


def _wrong_mapping(node: Node, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in node.get("required", ()):
        yield f"without {name}", {key: child for key, child in value.items() if key != name}
    if node.get("required"):
        yield "empty", {}
    if node.get("additionalProperties") is False:
        yield "unknown field", value | {"no/such~'field'": 1, "an\"other - at '/spec': got": {}}
        yield (
            "unknown field and wrong types",
            {"unknown": 1}
            | {name: 5 if isinstance(child, str | dict | list) else {} for name, child in value.items()}
            | ({"apiVersion": value["apiVersion"], "kind": value["kind"]} if "apiVersion" in value else {}),
        )
    names = [branch["required"][0] for branch in node.get("oneOf", ())]
    if names:
        yield "both of oneOf", value | dict.fromkeys(names, value[names[0]])
        yield "none of oneOf", {key: child for key, child in value.items() if key not in names}
    names = [branch["required"][0] for branch in node.get("anyOf", ())]
    if names:
        yield "none of anyOf", {key: child for key, child in value.items() if key not in names}
