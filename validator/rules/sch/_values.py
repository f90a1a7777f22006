"""Effective chart values against the schema of the chart's version."""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Edit, Problem
from validator.fix import edits, wanted_type
from validator.model import Estate, Release
from validator.once import once
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.values import validate_values
from validator.values.problems import Problem as Fault


def told(estate: Estate, *, keys: bool) -> Iterator[Problem]:
    """Yield what is wrong with chart values: the keys that no chart reads, or else the values."""
    for release, one in _found(estate):
        if one.is_key is keys and not _elsewhere(release, one.pointer, one.keyword):
            at = release.at(*one.pointer, key=one.is_key)
            message = f"{one.message} ({release.chart.upper()} {release.version})"
            yield Problem(at, message, fix=() if keys else _fix(estate, release, one.pointer))


@once
def _found(estate: Estate) -> list[tuple[Release, Fault]]:
    """Return what the schemas tell of the values of each release."""
    releases = (release for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko))
    return [
        (release, one)
        for release in releases
        if release.version is not None and release.is_chart
        for one in validate_values(release.chart, release.version, release.values.merged)
    ]


def _fix(estate: Estate, release: Release, pointer: Pointer) -> tuple[Edit, ...]:
    at = edits.place(estate, release, pointer) if pointer else None
    return wanted_type.mended(at, wanted_type.in_values(release, pointer)) if at is not None else ()


def _elsewhere(release: Release, pointer: Pointer, keyword: str) -> bool:
    """Return whether the value may come from a Secret or from a place that the repository does not hold."""
    values = release.values
    in_list = any(isinstance(step, int) for step in pointer)  # Helm replaces lists as a whole
    if keyword == "required" and (values.secrets or values.unknown) and not in_list:
        return True
    parent, last = pointer[:-1], pointer[-1] if pointer else None
    for layer in values.layers:
        found = dig(layer.value, parent)
        if layer.text and isinstance(found, dict) and found.get(last, "") is None:
            return True
    return False
