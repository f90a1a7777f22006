"""Find the schema of a kind: `schemas/kinds/<group>/<kind>_<version>.json`, the kind in lower case, `core` for v1."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from validator import resources

CORE = "core"
LOCATION = (
    "{{if eq .Group .ResourceAPIVersion}}core{{else}}{{.Group}}{{end}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
)
"""The same rule as kubeconform's `-schema-location` wants it, below the folder of the kinds.

kubeconform gives the version as `Group` where apiVersion has no group.
"""

# A kind comes from the repository under check: no name may lead out of the folder.
_PLAIN = re.compile(r"[A-Za-z0-9][-A-Za-z0-9.]*", re.ASCII)


class Kind:
    """A schema: its JSON, and the compiled validator beside it once someone needs it."""

    __slots__ = ("schema", "validator")

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.validator: Any = None


def folder() -> Path:
    """Return the folder that holds a folder for each API group."""
    return resources.schemas() / "kinds"


def known(api_version: str, kind: str) -> bool:
    """Return whether there is a schema for a kind; reads no schema."""
    return _path(api_version, kind) is not None


@cache
def find(api_version: str, kind: str) -> Kind | None:
    """Read the schema of a kind, once; None where there is none."""
    path = _path(api_version, kind)
    return Kind(json.loads(path.read_bytes())) if path else None


@cache
def _path(api_version: str, kind: str) -> Path | None:
    group, _, version = api_version.rpartition("/")
    if not all(_PLAIN.fullmatch(part) for part in (group or CORE, version, kind)) or group == CORE:
        return None
    path = folder() / (group or CORE) / f"{kind.lower()}_{version}.json"
    return path if path.is_file() else None
