"""Which value a schema wants where another one stands: found by trying, never by reading the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from validator import schema
from validator.finding import Action, Edit
from validator.fix import edits
from validator.model import Estate, Release
from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.values import validate_values

_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}")
Accepts = Callable[[Any], bool]


def mended(at: Ref, accepts: Accepts) -> tuple[Edit, ...]:
    """Return the edit that gives a value of the wrong type the type that is wanted, none where there is no one way.

    `accepts` says whether the schema takes another value at the place.
    """
    value, text = dig(at.document.value, at.pointer), edits.plain(at)
    if isinstance(value, bool | int | float) and text is not None:
        if accepts(text):
            return (Edit(at, Action.QUOTE),)
        word = str(value).lower()
        return (Edit(at, Action.SET, "", word),) if isinstance(value, bool) and accepts(word) else ()
    if isinstance(value, str) and text is None:
        meant = _BOOLEANS.get(value, int(value) if _INTEGER.fullmatch(value) else None)
        return (Edit(at, Action.SET, "", meant),) if meant is not None and accepts(meant) else ()
    return ()


def in_object(document: Document, pointer: Pointer) -> Accepts:
    """Return whether the kind of a document takes a value at a place."""

    def accepts(value: Any) -> bool:
        changed = _with(document.value, pointer, value)
        return not any(one.pointer == pointer for one in schema.check(document.api_version, document.kind, changed))

    return accepts


def in_values(release: Release, pointer: Pointer) -> Accepts:
    """Return whether the chart of a release takes a value at a place."""

    def accepts(value: Any) -> bool:
        changed = _with(release.values.merged, pointer, value)
        found = validate_values(release.chart, release.version or "", changed)
        return not any(one.pointer == pointer for one in found)

    return accepts


def is_boolean(estate: Estate, document: Document, pointer: Pointer) -> bool:
    """Return whether a boolean is wanted at a place of a document: it is taken, and text is not."""
    kinds = [in_object(document, pointer)] if schema.known(document.api_version, document.kind) else []
    return any(not accepts("x") and accepts(True) for accepts in (*kinds, *_of_charts(estate, document, pointer)))


def _of_charts(estate: Estate, document: Document, pointer: Pointer) -> Iterator[Accepts]:
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            for layer in release.values.layers if release.version else ():
                base = layer.ref((), key=False)
                size = len(base.pointer)
                inside = pointer[size:]
                if base.document is document and not layer.text and pointer[:size] == base.pointer and inside:
                    yield in_values(release, inside)


def _with(value: Any, pointer: Pointer, new: Any) -> Any:
    if not pointer:
        return new
    step, rest = pointer[0], pointer[1:]
    if isinstance(value, list):
        return [_with(item, rest, new) if index == step else item for index, item in enumerate(value)]
    return {**value, step: _with(value.get(step), rest, new)} if isinstance(value, dict) else value
