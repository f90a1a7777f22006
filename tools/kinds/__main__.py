"""Command: `python -m tools.kinds CRD_PATH... --source TEXT [--kind KIND]... [--served-only] [--out schemas/kinds]`.

Every path is a CustomResourceDefinition file or a folder of them. Give several releases of one kind, oldest first:
the result accepts what any of them accepts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.kinds.envelope import wrap
from tools.kinds.share import share
from tools.kinds.union import union
from validator.schema.openapi import Schema, optional_nulls, strict

Key = tuple[str, str, str]


def main(arguments: list[str] | None = None) -> int:
    """Write one schema file per group, kind and version found; return 0, or 2 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.kinds", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--source", required=True, help="where the facts come from: repository and releases")
    parser.add_argument("--kind", action="append", default=[], help="only this kind, or kind_version; repeatable")
    parser.add_argument("--out", type=Path, default=Path("schemas/kinds"))
    options = parser.parse_args(arguments)
    found: dict[Key, Schema] = {}
    for key, schema in _structural(options.paths):
        group, version, kind = key
        if options.kind and not {kind, f"{kind}_{version}"} & set(options.kind):
            continue
        body = strict(_own(schema))
        found[key] = union(found[key], body) if key in found else body
    for (group, version, kind), body in found.items():
        path = options.out / (group or "core") / f"{kind.lower()}_{version}.json"
        write(path, share(wrap(group, version, kind, optional_nulls(body), options.source)))
        sys.stdout.write(f"{path}\n")
    return 0 if found else 2


def write(path: Path, schema: Schema) -> None:
    """Write a schema as every file under `schemas/kinds/` is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _own(schema: Schema) -> Schema:
    """Return the schema without the fields that every kind has; a status is the controller's, so any will do."""
    properties: dict[str, Any] = dict(schema.get("properties", {}))
    for name in ("apiVersion", "kind", "metadata"):
        properties.pop(name, None)
    if "status" in properties:
        properties["status"] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    required = [name for name in schema.get("required", ()) if name in properties and name != "status"]
    return {"type": "object", "required": required, "properties": properties}


def _structural(paths: list[Path]) -> Iterator[tuple[Key, Schema]]:
    for path in paths:
        files = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        for file in files:
            with file.open("rb") as stream:
                for document in yaml.load_all(stream, Loader=yaml.CSafeLoader):
                    if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
                        yield from _versions(document["spec"])


def _versions(spec: dict[str, Any]) -> Iterator[tuple[Key, Schema]]:
    for version in spec.get("versions", ()):
        schema = version.get("schema", {}).get("openAPIV3Schema")
        if schema and version.get("served", True):
            yield (spec["group"], version["name"], spec["names"]["kind"]), schema


if __name__ == "__main__":
    sys.exit(main())
