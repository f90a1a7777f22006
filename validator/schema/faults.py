"""What the schemas of values and of kinds tell already, so that no other rule tells it again.

A value of the wrong type, out of range or under a misspelt key is missing or wrong for every rule that reads it; the rules on
schemas point at the cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from validator.model import Release
from validator.read.exact import Pointer
from validator.read.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that a schema tells; `is_key` says that the key is unknown."""

    pointer: Pointer
    is_key: bool
    message: str

    def concerns(self, pointer: Pointer) -> bool:
        """Return whether the fault is at, above or below `pointer`, or is a key that was meant to be it."""
        if not self.is_key:
            size = min(len(self.pointer), len(pointer))
            return self.pointer[:size] == pointer[:size] and (len(self.pointer) > 0)
        parent = self.pointer[:-1]
        if self.pointer[: len(pointer)] == pointer:
            return True
        return (
            pointer[: len(parent)] == parent
            and len(pointer) > len(parent)
            and f"`{pointer[len(parent)]}`" in self.message
        )


def tells(release: Release, *pointer: str | int) -> bool:
    """Return whether a schema finds fault with a value of a release, or with what should have been it."""
    if not release.is_chart:
        return any(
            tells_of(layer.source, *outside, *pointer[len(inside) :])
            for layer in release.values.layers
            for inside, outside in layer.mounts
            if isinstance(layer.source, Manifest) and pointer[: len(inside)] == inside
        )
    if release.verdict is None:
        release.verdict = _values(release)
    return _any(release.verdict, pointer)


def tells_of(manifest: Manifest, *pointer: str | int) -> bool:
    """Return whether the schema of its kind finds fault with a field of an object."""
    from validator import schema

    found = schema.check(manifest.api_version, manifest.kind, manifest.value)
    return _any([Fault(one.pointer, one.at_key, one.message) for one in found], pointer)


def _values(release: Release) -> list[Fault]:
    from validator.values import validate_values

    found: Iterable[Any] = (
        validate_values(release.chart, release.version, release.values.merged) if release.version else ()
    )
    return [Fault(one.pointer, one.is_key, one.message) for one in found]


def _any(faults: list[Fault], pointer: Pointer) -> bool:
    return any(fault.concerns(pointer) for fault in faults)
