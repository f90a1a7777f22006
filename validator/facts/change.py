"""What a change of chart values or of a chart's version does to AKO and AMKO."""

from __future__ import annotations

from functools import cache

from validator.facts import table, version

Pointer = tuple[str, ...]


@cache
def _pointers(block: str, chart: str) -> tuple[Pointer, ...]:
    return tuple(tuple(text.split(".")) for text in table("change")[block][chart])


def rolls_pod(chart: str, pointer: Pointer) -> bool:
    """Say whether a chart value is written into the pod template, so that another value restarts the pod."""
    return any(pointer[: len(known)] == known for known in _pointers("podTemplate", chart))


def read_at_start(chart: str, pointer: Pointer) -> bool:
    """Say whether a chart value has no effect before the pod restarts, and does not restart it."""
    known = any(pointer[: len(start)] == start for start in _pointers("readAtStart", chart))
    return known and pointer not in _pointers("live", chart) and not rolls_pod(chart, pointer)


def crds_between(chart: str, old: str, new: str) -> tuple[str, ...]:
    """Return the releases after `old`, up to `new`, that changed the CRDs of a chart, oldest first."""
    return tuple(
        name
        for name in table("change")["crds"][chart]
        if version.compare(old, name) == -1 and version.compare(name, new) in {-1, 0}
    )
