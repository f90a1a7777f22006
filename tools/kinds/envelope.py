"""What every object has around its own fields: apiVersion, kind, metadata, status, and the mark that SOPS leaves."""

from __future__ import annotations

from typing import Any

from validator.schema.openapi import Schema, optional_nulls

DRAFT = "http://json-schema.org/draft-07/schema#"

# apimachinery: IsDNS1123Subdomain, IsDNS1123Label, IsDNS1035Label, path segment names, IsValidLabelValue.
SUBDOMAIN: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 253,
    "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
}
LABEL: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 63,
    "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
}
LABEL_1035: Schema = LABEL | {"pattern": r"^[a-z]([-a-z0-9]*[a-z0-9])?$"}
SEGMENT: Schema = {"type": "string", "minLength": 1, "pattern": r"^[^/%]+$"}
LABEL_VALUE: Schema = {
    "type": "string",
    "maxLength": 63,
    "pattern": r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
}
NAMES = {"Namespace": LABEL, "Service": LABEL_1035}
NAMES |= dict.fromkeys(("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), SEGMENT)

TEXT: Schema = {"type": "string"}
OWNER: Schema = {
    "type": "object",
    "required": ["apiVersion", "kind", "name", "uid"],
    "properties": {
        "apiVersion": TEXT,
        "blockOwnerDeletion": {"type": "boolean"},
        "controller": {"type": "boolean"},
        "kind": TEXT,
        "name": TEXT,
        "uid": TEXT,
    },
    "additionalProperties": False,
}


def metadata(kind: str) -> Schema:
    """Return the schema of `metadata`: the fields of ObjectMeta (k8s.io/apimachinery v0.34), `name` required."""
    fields: Schema = {
        "annotations": {"type": "object", "additionalProperties": TEXT},
        "creationTimestamp": TEXT,
        "deletionGracePeriodSeconds": {"type": "integer"},
        "deletionTimestamp": TEXT,
        "finalizers": {"type": "array", "items": TEXT},
        "generateName": TEXT,
        "generation": {"type": "integer"},
        "labels": {"type": "object", "additionalProperties": LABEL_VALUE},
        "managedFields": {"type": "array"},
        "name": NAMES.get(kind, SUBDOMAIN),
        "namespace": LABEL,
        "ownerReferences": {"type": "array", "items": OWNER},
        "resourceVersion": TEXT,
        "selfLink": TEXT,
        "uid": TEXT,
    }
    return optional_nulls({"type": "object", "required": ["name"], "properties": fields, "additionalProperties": False})


def wrap(group: str, version: str, kind: str, body: Schema, source: str) -> Schema:
    """Return the whole schema file of one kind; `body` describes its own top-level fields."""
    api_version = f"{group}/{version}" if group else version
    properties: dict[str, Any] = {
        "apiVersion": {"type": "string", "enum": [api_version]},
        "kind": {"type": "string", "enum": [kind]},
        "metadata": {"$ref": "#/definitions/metadata"},
        **body.get("properties", {}),
        # SOPS writes this beside the fields and takes it away again when it decrypts.
        "sops": {"type": "object"},
    }
    return {
        "$schema": DRAFT,
        "title": f"{kind} {api_version}",
        "$comment": source,
        "type": "object",
        "required": sorted({"apiVersion", "kind", "metadata", *body.get("required", ())}),
        "properties": properties,
        "additionalProperties": False,
        "definitions": {"metadata": metadata(kind)},
    }
