"""Edits for `--fix`, made only where the value stands in plain YAML and no other cluster reads it from the same place."""

from __future__ import annotations

from typing import Any

from validator.finding import Action, Edit
from validator.model import Estate, Release
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.manifest import dig

Edits = tuple[Edit, ...]


def insert(estate: Estate, release: Release, pointer: Pointer, key: str, value: Any) -> Edits:
    """Return the edit that adds a key to a map of chart values, none where that is not safe."""
    at = place(estate, release, pointer)
    found = dig(at.document.value, at.pointer) if at else None
    return _one(at, Action.INSERT, value, key) if isinstance(found, dict) and key not in found else ()


def append(estate: Estate, release: Release, pointer: Pointer, value: Any) -> Edits:
    """Return the edit that adds an item to a list of chart values, none where that is not safe."""
    at = place(estate, release, pointer)
    return _one(at, Action.APPEND, value) if at and isinstance(dig(at.document.value, at.pointer), list) else ()


def assign(estate: Estate, release: Release, pointer: Pointer, value: Any) -> Edits:
    """Return the edit that gives a chart value another value, none where that is not safe."""
    return _one(place(estate, release, pointer), Action.SET, value)


def quote(estate: Estate, release: Release, pointer: Pointer) -> Edits:
    """Return the edit that puts quotes around a chart value, none where it has some or that is not safe."""
    at = place(estate, release, pointer)
    return _one(at, Action.QUOTE) if at and plain(at) is not None else ()


def remove(estate: Estate, release: Release, pointer: Pointer) -> Edits:
    """Return the edit that takes an item out of a list of chart values, none where that is not safe."""
    return _one(place(estate, release, pointer), Action.REMOVE)


def place(estate: Estate, release: Release, pointer: Pointer) -> Ref | None:
    """Return where a chart value stands as such, None where it comes from text, from a patch, or serves other clusters."""
    if pointer:
        value, at = release.get(*pointer), release.at(*pointer)
    else:
        layer = next((one for one in reversed(release.values.layers) if not one.text and not one.mounts), None)
        if layer is None:
            return None
        value, at = layer.value, layer.ref((), key=False)
    return (
        at if value is not MISSING and is_own(estate, at) and same(dig(at.document.value, at.pointer), value) else None
    )


def is_own(estate: Estate, at: Ref) -> bool:
    """Return whether no second cluster reads the document of a place."""
    return estate.readers.get(id(at.document), 0) <= 1


def plain(at: Ref) -> str | None:
    """Return a scalar as it is written without quotes, None where it has quotes or is no scalar."""
    node = at.document.tree.node(at.pointer)
    return node.plain if node.plain and node is not at.document.tree.node(at.pointer[:-1]) else None


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal and of one type."""
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _one(at: Ref | None, action: Action, value: Any = None, key: str = "") -> Edits:
    return (Edit(at, action, key, value),) if at is not None else ()
