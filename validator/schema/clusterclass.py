"""The variables of a ClusterClass: bundled under `schemas/clusterclass/`, or read from your cluster's own class.

A schema describes the mapping of variable names to values. Its `x-cluster-class` says which class it is, for which
releases of TKG or VKS, whether it names all variables (`complete`), what Cluster API does with a field that it does
not name (`unknownFields`: `ignored` before Cluster API 1.3, `rejected` since), and which variables and fields came
with which revision of the class (`since`: one name can stand for several schemas).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from validator import resources
from validator.errors import InputError
from validator.schema import engine
from validator.schema.kinds import Kind
from validator.schema.openapi import optional_nulls, strict
from validator.schema.problem import Pointer, SchemaProblem
from validator.schema.wording import describe

KEY = "x-cluster-class"
_PLAIN = re.compile(r"[a-z0-9][-a-z0-9.]*", re.ASCII)
_FAMILY = re.compile(r"builtin-generic-v(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class ClusterClass:
    """What a ClusterClass says of its variables; `name` is the class that was asked for."""

    name: str
    schema: dict[str, Any]
    complete: bool
    unknown_fields: str
    releases: tuple[str, ...]
    since: tuple[tuple[str, tuple[Pointer, ...]], ...]
    kind: Kind

    @property
    def variables(self) -> dict[str, Any]:
        """Return the schema of each variable."""
        found: dict[str, Any] = self.schema["properties"]
        return found

    @property
    def required(self) -> tuple[str, ...]:
        """Return the variables that have no default and must be given."""
        return tuple(self.schema.get("required", ()))

    def added_after(self, revision: str) -> tuple[Pointer, ...]:
        """Return the variables and fields that a revision does not have yet; empty for an unknown revision."""
        order = [name for name, _ in self.since]
        if revision not in order:
            return ()
        return tuple(pointer for _, pointers in self.since[order.index(revision) + 1 :] for pointer in pointers)

    def check(self, variables: dict[str, Any], *, partial: bool = False) -> list[SchemaProblem]:
        """Return what is wrong with variables by name; with `partial` (overrides of a node pool) none is missing."""
        if engine.accepts(self.kind, variables):
            return []
        return describe(self.kind, variables, engine.faults(self.kind, variables), partial=partial)


@cache
def load(name: str) -> ClusterClass | None:
    """Return the bundled class of a name, else the nearest of its family, which is not complete; None without one."""
    if not _PLAIN.fullmatch(name):
        return None
    near = _nearest(name)
    if near is None:
        return None
    schema = json.loads((_folder() / f"{near}.json").read_bytes())
    return _class(name, schema, complete=near == name)


def from_manifest(manifest: Any) -> ClusterClass:
    """Return the class that a ClusterClass manifest describes; raise InputError where it is none."""
    spec = manifest.get("spec") if isinstance(manifest, dict) and manifest.get("kind") == "ClusterClass" else None
    if not isinstance(spec, dict):
        raise InputError("is not a ClusterClass manifest", hint="kubectl get clusterclass NAME -o yaml > FILE")
    properties: dict[str, Any] = {}
    required = []
    for variable in _mappings(spec.get("variables")):
        schema = variable.get("schema")
        structural = schema.get("openAPIV3Schema") if isinstance(schema, dict) else None
        if not isinstance(variable.get("name"), str) or not isinstance(structural, dict):
            raise InputError("holds a variable without `name` or `schema.openAPIV3Schema`")
        properties[variable["name"]] = optional_nulls(strict(structural, defaults=True))
        if variable.get("required") and "default" not in structural:
            required.append(variable["name"])
    metadata = manifest.get("metadata")
    name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
    return _class(name, compose(name, properties, required, complete=True, unknownFields="rejected"), complete=True)


def compose(
    name: str, properties: dict[str, Any], required: list[str], *, source: str = "a ClusterClass manifest", **facts: Any
) -> dict[str, Any]:
    """Return the schema of a class from the schemas of its variables."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Variables of ClusterClass {name}",
        "$comment": source,
        KEY: {"class": name, **facts},
        "type": "object",
        "required": sorted(required),
        "properties": dict(sorted(properties.items())),
        "additionalProperties": False,
    }


def _class(name: str, schema: dict[str, Any], *, complete: bool) -> ClusterClass:
    facts = schema[KEY]
    since = tuple(
        (revision, tuple(tuple(pointer) for pointer in pointers))
        for revision, pointers in facts.get("since", {}).items()
    )
    return ClusterClass(
        name=name,
        schema=schema,
        complete=complete and facts["complete"],
        unknown_fields=facts["unknownFields"],
        releases=tuple(facts.get("releases", ())),
        since=since,
        kind=Kind(schema),
    )


def _nearest(name: str) -> str | None:
    """Return the bundled class for a name: itself, without `-fips`, or the newest VKS class that is not newer."""
    names = {path.stem for path in _folder().glob("*.json")}
    plain = name.removesuffix("-fips")
    if name in names or plain in names:
        return name if name in names else plain
    wanted = _FAMILY.fullmatch(plain)
    if wanted is None:
        return None
    versions = {tuple(map(int, found.groups())): one for one in names if (found := _FAMILY.fullmatch(one))}
    older = [version for version in versions if version <= tuple(map(int, wanted.groups()))]
    return versions[max(older)] if older else None


def _folder() -> Path:
    return resources.schemas() / "clusterclass"


def _mappings(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
