"""Effective chart values: the layers that Helm merges, and the place where each value was set.

Order of layers: Flux `valuesFrom` in list order, `values`, then `valuesFrom` with a `targetPath`
(fluxcd.io, HelmRelease v2, Values); Argo CD `valueFiles`, `values` or `valuesObject`, `parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MAX_INDEX = 1024
"""Highest index of a list in a path; Helm has a limit as well."""
MISSING: Any = _Missing()
"""A key that no layer sets, so that the chart's own default holds."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Values that one place sets: `value` stands at `origin` of a manifest or of a document."""

    value: dict[str, Any]
    source: Manifest | Document
    origin: Pointer
    text: bool = False
    """Whether the values are a block of text in `source`."""
    whole: bool = False
    """Whether that text is a values document, so that a place in it has a line of its own."""
    mounts: tuple[tuple[Pointer, Pointer], ...] = ()
    """For values read back from rendered objects: where each of them stands in `source`."""

    def ref(self, pointer: Pointer, *, key: bool) -> Ref:
        """Return the place of `pointer`, as deep as the source goes."""
        if self.mounts:
            for inside, outside in sorted(self.mounts, key=lambda mount: -len(mount[0])):
                if pointer[: len(inside)] == inside:
                    return self._at((*outside, *pointer[len(inside) :]), key=key)
            return self._at((), key=False)
        if self.text:
            at = self._at(self.origin, key=False)
            return Ref(at.document, at.pointer, key, pointer) if self.whole else at
        return self._at((*self.origin, *pointer), key=key)

    def _at(self, pointer: Pointer, *, key: bool) -> Ref:
        if isinstance(self.source, Manifest):
            return self.source.at(*pointer, key=key)
        return Ref(self.source, pointer, key)


@dataclass(slots=True)
class Values:
    """What the chart will see, as far as the repository holds it."""

    layers: tuple[Layer, ...]
    fallback: Ref
    """The place to report what is set nowhere."""
    secrets: tuple[str, ...] = ()
    """Names of Secrets that set values; their content is not read, only assumed to be credentials."""
    unknown: tuple[str, ...] = ()
    """Sources of values that this repository does not hold."""
    _merged: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def merged(self) -> dict[str, Any]:
        """Return all layers merged as Helm does: maps key by key, everything else replaced."""
        if self._merged is None:
            merged: dict[str, Any] = {}
            for layer in self.layers:
                merged = merge(merged, layer.value) if merged else layer.value
            self._merged = merged
        return self._merged

    def get(self, *pointer: str | int) -> Any:
        """Return the value at `pointer`, MISSING where no layer sets it."""
        value: Any = self.merged
        steps: tuple[Any, ...] = pointer
        for step in steps:
            if (isinstance(value, dict) and step in value) or (
                isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
            ):
                value = value[step]
            else:
                return MISSING
        return value

    def has(self, *pointer: str | int) -> bool:
        """Return whether any layer sets `pointer`."""
        return self.get(*pointer) is not MISSING

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return where `pointer` is set; where it is not, the nearest parent that is, else the release itself."""
        below = sorted(reversed(self.layers), key=lambda layer: layer.text)  # noqa: C414  # the order of equals matters
        for size in range(len(pointer), 0, -1):
            part = pointer[:size]
            for layer in reversed(self.layers) if size == len(pointer) else below:
                if _holds(layer.value, part):
                    return layer.ref(part, key=key and size == len(pointer))
            for layer in self.layers if size == len(pointer) else ():
                if any(pointer[: len(inside)] == inside for inside, _ in layer.mounts):
                    return layer.ref(pointer, key=False)
        if below and not below[0].mounts:
            return below[0].ref((), key=False)
        return self.fallback


def _holds(value: Any, pointer: Pointer) -> bool:
    parent = dig(value, pointer[:-1])
    last = pointer[-1]
    if isinstance(parent, dict):
        return last in parent
    return isinstance(parent, list) and isinstance(last, int) and 0 <= last < len(parent)


def merge(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with `top` over it, as Helm merges values."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def nested(path: str, value: Any, below: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the mapping that sets `value` at a path as `helm --set` reads it, such as `a.b[0].c`.

    A list that `below` has already keeps its other items, as Helm sets into what the values files gave.
    """
    steps: list[str | int] = []
    for part in path.replace("\\.", "\0").split("."):
        name, *indexes = part.replace("\0", ".").split("[")
        steps.append(name)
        steps.extend(int(text[:-1]) for text in indexes if text.endswith("]") and text[:-1].isdigit())
    made = _set(steps, value, below or {})
    return made if isinstance(made, dict) else {}


def _set(steps: list[str | int], value: Any, below: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        return {step: _set(rest, value, below.get(step) if isinstance(below, dict) else None)}
    items = list(below) if isinstance(below, list) else []
    items.extend([None] * (min(step, MAX_INDEX) + 1 - len(items)))
    if step <= MAX_INDEX:
        known, made = items[step], _set(rest, value, items[step])
        items[step] = merge(known, made) if isinstance(known, dict) and isinstance(made, dict) else made
    return items
