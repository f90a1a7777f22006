"""Check documents against the schemas of their kinds: the built-in engine, which gives what kubeconform gives.

    for problem in check(api_version, kind, value):
        line, column = tree.locate(problem.pointer, key=problem.at_key)

A schema is read and compiled when the first document of its kind arrives. A kind without a schema has no problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.schema import engine
from validator.schema.kinds import find, known
from validator.schema.problem import SchemaProblem
from validator.schema.wording import describe

__all__ = ["SchemaProblem", "check", "known", "members"]


def check(api_version: str, kind: str, value: Any, *, partial: bool = False) -> list[SchemaProblem]:
    """Return what is wrong with a document, sorted by place; empty where the kind has no schema.

    The items of a `List` are checked each by its own kind. With `partial` nothing is said to be missing: for a
    strategic merge patch, or for a base that overlays complete.
    """
    schema = find(api_version, kind)
    if schema is not None:
        if engine.accepts(schema, value):
            return []
        return describe(schema, value, engine.faults(schema, value), partial=partial)
    if kind.lower() != "list":
        return []
    return [
        SchemaProblem(prefix + problem.pointer, problem.keyword, problem.message)
        for prefix, item_version, item_kind, item in members(api_version, kind, value)
        if item_kind.lower() != "list"
        for problem in check(item_version, item_kind, item, partial=partial)
    ]


def members(api_version: str, kind: str, value: Any) -> Iterator[tuple[tuple[str | int, ...], str, str, Any]]:
    """Yield the objects of a document with their pointers, versions and kinds: itself, or the items of a `List`."""
    if kind.lower() != "list" or not isinstance(value, dict):
        yield (), api_version, kind, value
        return
    items = value.get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield ("items", index), _text(item, "apiVersion"), _text(item, "kind"), item


def _text(item: dict[str, Any], key: str) -> str:
    found = item.get(key)
    return found if isinstance(found, str) else ""
