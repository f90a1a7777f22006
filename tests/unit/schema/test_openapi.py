"""The commands that make the schemas: structural schema to JSON Schema, several releases to one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tools.kinds import builtin
from tools.kinds.__main__ import main
from tools.kinds.share import share
from tools.kinds.union import union
from validator.schema.kinds import folder
from validator.schema.openapi import optional_nulls, strict

TEXT = {"type": "string"}


def crd(spec: dict[str, Any], *, served: bool = True, version: str = "v1") -> dict[str, Any]:
    schema = {"type": "object", "properties": {"spec": spec, "status": {"type": "object", "properties": {"a": TEXT}}}}
    schema["required"] = ["spec", "status"]
    one = {"name": version, "served": served, "schema": {"openAPIV3Schema": schema}}
    return {
        "kind": "CustomResourceDefinition",
        "spec": {"group": "example.com", "names": {"kind": "Thing"}, "versions": [one]},
    }


def make(tmp_path: Path, *definitions: dict[str, Any], options: tuple[str, ...] = ()) -> dict[str, Any]:
    for number, definition in enumerate(definitions):
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(definition), encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(tmp_path), "--source", "a test", "--out", str(out), *options]) == 0
    found: dict[str, Any] = json.loads((out / "example.com" / "thing_v1.json").read_text())
    jsonschema.Draft7Validator.check_schema(found)
    return found


@pytest.mark.parametrize(
    ("structural", "expected"),
    [
        ({"type": "string", "description": "x", "default": "a", "example": "b"}, {"type": "string"}),
        ({"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, TEXT]}, {"type": ["integer", "string"]}),
        ({"type": "string", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}),
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {"type": "object"}),
        ({"x-kubernetes-preserve-unknown-fields": True}, {}),
        ({"type": "object", "additionalProperties": TEXT}, {"type": "object", "additionalProperties": TEXT}),
        ({"type": "object", "additionalProperties": True}, {"type": "object"}),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 0}),
        ({"type": "integer", "maximum": 9, "exclusiveMaximum": False}, {"type": "integer", "maximum": 9}),
        ({"type": "integer", "format": "int32", "x-kubernetes-validations": [{"rule": "x"}]}, {"type": "integer"}),
        ({"type": "array", "items": {"type": "object"}}, {"type": "array", "items": strict({"type": "object"})}),
        (
            {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "oneOf": [{"required": ["b", "a"]}]},
            {"type": "object", "oneOf": [{"required": ["a", "b"]}]},
        ),
    ],
)
def test_one_part(structural: dict[str, Any], expected: dict[str, Any]) -> None:
    assert strict(structural) == expected


def test_bytes_are_base64_and_embedded_objects_keep_their_envelope() -> None:
    assert "pattern" in strict({"type": "string", "format": "byte"})
    embedded = strict({"type": "object", "x-kubernetes-embedded-resource": True})
    assert sorted(embedded["properties"]) == ["apiVersion", "kind", "metadata"]


def test_null_is_allowed_where_the_api_server_drops_it() -> None:
    fields = {"must": TEXT, "may": TEXT, "list": {"type": "array", "items": TEXT}}
    found = optional_nulls({"type": "object", "required": ["must"], "properties": fields})["properties"]
    assert found["must"] == TEXT
    assert found["may"] == {"type": ["string", "null"]}
    assert found["list"] == {"type": ["array", "null"], "items": TEXT}


def test_a_definition_becomes_a_file(tmp_path: Path) -> None:
    found = make(tmp_path, crd({"type": "object", "properties": {"a": TEXT}}))
    assert found["required"] == ["apiVersion", "kind", "metadata", "spec"]
    assert found["$comment"] == "a test"
    assert found["properties"]["status"] == {"type": ["object", "null"]}
    assert found["properties"]["sops"] == {"type": "object"}
    assert found["properties"]["metadata"] == {"$ref": "#/definitions/metadata"}
    assert found["properties"]["spec"]["properties"] == {"a": {"type": ["string", "null"]}}


def test_several_releases_accept_what_any_accepts(tmp_path: Path) -> None:
    old = {"type": "object", "required": ["a", "b"], "properties": {"a": TEXT | {"maxLength": 5}, "b": TEXT}}
    new = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": TEXT | {"maxLength": 9, "enum": ["x"]}, "c": {"x-kubernetes-int-or-string": True}},
    }
    spec = make(tmp_path, crd(old), crd(new))["properties"]["spec"]
    assert spec["required"] == ["a"]
    assert spec["properties"]["a"] == {"type": "string", "maxLength": 9}
    assert sorted(spec["properties"]) == ["a", "b", "c"]


def test_versions_that_are_not_served_and_other_kinds_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, crd({"type": "object"}), crd({"type": "object"}, version="v1beta1"), options=("--kind", "Thing_v1"))
    assert [path.name for path in (tmp_path / "out" / "example.com").iterdir()] == ["thing_v1.json"]
    hidden = tmp_path / "hidden.yaml"
    hidden.write_text(yaml.safe_dump(crd({"type": "object"}, served=False)), encoding="utf-8")
    assert main([str(hidden), "--source", "a test", "--out", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({}, TEXT, {}),
        (TEXT, {"type": ["integer", "string"]}, {"type": ["string", "integer"]}),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}, {"type": "string", "enum": ["b", "a"]}),
        ({"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}, TEXT),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": TEXT},
            {"type": "object", "additionalProperties": TEXT},
        ),
        ({"type": "object", "additionalProperties": False}, {"type": "object"}, {"type": "object"}),
    ],
)
def test_union(one: dict[str, Any], two: dict[str, Any], expected: dict[str, Any]) -> None:
    assert union(one, two) == expected


def test_repeated_parts_are_shared_once() -> None:
    part = {"type": "object", "properties": {f"field{number}": TEXT for number in range(9)}}
    root = {"type": "object", "properties": {"a": part, "b": part, "c": {"type": "array", "items": part}}}
    found = share(root)
    assert found["definitions"] == {"a": part}
    assert found["properties"]["b"] == {"$ref": "#/definitions/a"}
    assert found["properties"]["c"]["items"] == {"$ref": "#/definitions/a"}
    assert share({"type": "object", "properties": {"a": part}})["definitions"] == {}


def test_the_built_in_kinds_are_as_the_command_writes_them(tmp_path: Path) -> None:
    builtin.main(tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.json"))
    assert len(written) == 13
    for path in written:
        assert (folder() / path).read_bytes() == (tmp_path / path).read_bytes(), path
