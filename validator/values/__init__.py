"""Values of the AKO and AMKO charts: which schema they follow, and what the charts set where values do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator import resources
from validator.facts import ako, amko
from validator.read.unknown import Unknown, holds_unknown, written
from validator.values.checksum import checksum, stamp, stamped

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

    from validator.values.problems import Problem

__all__ = ["checksum", "defaults", "effective", "flag", "schema_for", "stamp", "stamped", "validate_values"]

_RELEASES = {"ako": ako.releases, "amko": amko.releases}


def schema_for(chart: str, version: str) -> Path | None:
    """Return the schema of a chart release's values; None for a release or a chart that is not known."""
    releases = _RELEASES.get(chart)
    if releases is None or version not in releases():
        return None
    return resources.schemas() / "values" / chart / f"{version}.json"


def validate_values(chart: str, version: str, values: object) -> list[Problem]:
    """Return what is wrong with the values of a chart release, in a fixed order; empty for an unknown release.

    `values` are as a repository gives them: the chart's defaults need not be in them.
    """
    from validator.values.problems import problems

    schema = _schema(chart, version)
    if schema is None:
        return []
    compiled = _compiled(chart, version)
    if _accepts(compiled, values):
        return []
    found = problems(schema, compiled, written(values))
    return [problem for problem in found if problem.is_key or not _is_unknown(values, problem)]


def _accepts(compiled: Draft202012Validator, values: object) -> bool:
    """Return whether values are sound as they are; those that hold unknown ones are none of JSON."""
    try:
        return compiled.is_valid(values)
    except (ValueError, OverflowError, TypeError):
        return False


def _is_unknown(values: object, problem: Problem) -> bool:
    """Return whether a problem is about a value that is known at run time only."""
    value: Any = values
    for step in problem.pointer:
        value = value[step]
    return isinstance(value, Unknown) if problem.keyword == "required" else holds_unknown(value)


def defaults(chart: str, version: str) -> dict[str, Any] | None:
    """Return what a chart release sets where values do not; None for an unknown release.

    Image repositories are left out: published charts have others than the source repository.
    """
    schema = _schema(chart, version)
    if schema is None:
        return None
    found: dict[str, Any] = json.loads(_defaults(chart, version))
    return found


def effective(chart: str, version: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the values that the templates see: the chart's defaults under `values`; None for an unknown release."""
    base = defaults(chart, version)
    return None if base is None else _over(base, values)


def flag(value: object) -> bool | None:
    """Return what a value means where the chart takes `true` and `"true"` alike; None for anything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


@cache
def _schema(chart: str, version: str) -> dict[str, Any] | None:
    path = schema_for(chart, version)
    if path is None:
        return None
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _compiled(chart: str, version: str) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(_schema(chart, version) or {})


@cache
def _defaults(chart: str, version: str) -> str:
    return json.dumps(_collect(_schema(chart, version) or {}))


def _collect(schema: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, part in schema.get("properties", {}).items():
        if "default" in part:
            found[key] = part["default"]
        elif "properties" in part and (inside := _collect(part)):
            found[key] = inside
    return found


def _over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as Helm does: maps key by key, a null takes the default away, anything else replaces it."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = _over(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged
