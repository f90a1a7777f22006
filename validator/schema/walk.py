"""Follow a pointer through a schema, to the part that speaks of the value there."""

from __future__ import annotations

from typing import Any

from validator.schema.problem import Pointer

Node = dict[str, Any]


def node_at(root: Node, pointer: Pointer) -> Node | None:
    """Return the part of a schema that judges the value at `pointer`; None where nothing does."""
    node = resolve(root, root)
    for token in pointer:
        below: Any = None
        if isinstance(token, int):
            below = node.get("items")
        else:
            below = node.get("properties", {}).get(token)
            if below is None:
                below = node.get("additionalProperties")
        if not isinstance(below, dict):
            return None
        node = resolve(root, below)
    return node


def resolve(root: Node, node: Node) -> Node:
    """Return the target of a reference inside the file, or the node itself."""
    while "$ref" in node:
        node = root["definitions"][node["$ref"].removeprefix("#/definitions/")]
    return node


def value_at(value: Any, pointer: Pointer) -> Any:
    """Return the value at `pointer`; raise LookupError where there is none."""
    for token in pointer:
        inside: Any = value if isinstance(value, dict if isinstance(token, str) else list) else {}
        value = inside[token]
    return value
