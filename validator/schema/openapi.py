"""One OpenAPI v3 structural schema to strict JSON Schema (draft 7), as the API server applies it.

Strict means what the API server does with a field that the schema does not name: it prunes it, and with field
validation or server-side apply it refuses the object. Texts (descriptions, titles, examples) and defaults are left
out; CEL rules have no counterpart and are left out too.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

# Keywords that mean the same in both languages.
KEPT = (
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
)

# The API server checks `byte` on custom resources; an encrypted value is opaque until SOPS has opened it.
BASE64 = r"^(?:[A-Za-z0-9+/=\r\n]*|ENC\[.*\])$"


def strict(node: Schema, *, defaults: bool = False) -> Schema:
    """Return what the API server accepts for `node`; `{}` accepts everything. Defaults are left out unless wanted."""
    if node.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"], **_kept(node)}
    out: Schema = {}
    if defaults and "default" in node:
        out["default"] = node["default"]
    if "type" in node:
        out["type"] = node["type"]
    out |= _kept(node)
    if node.get("format") == "byte":
        out["pattern"] = BASE64
    if node.get("type") == "object":
        out |= _object(node, defaults=defaults)
    elif node.get("type") == "array" and "items" in node:
        out["items"] = strict(node["items"], defaults=defaults)
    for word in ("oneOf", "anyOf", "allOf"):
        if word in node:
            out[word] = [_condition(branch) for branch in node[word]]
    if "not" in node:
        out["not"] = _condition(node["not"])
    if node.get("nullable"):
        out = nullable(out)
    return out


def nullable(node: Schema) -> Schema:
    """Return `node` with null allowed."""
    if "type" not in node:
        return node
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    out = node | {"type": [*types, *([] if "null" in types else ["null"])]}
    if "enum" in node and None not in node["enum"]:
        out["enum"] = [*node["enum"], None]
    return out


def optional_nulls(node: Schema) -> Schema:
    """Allow null wherever the API server drops it: optional properties and the values of maps.

    apiextensions prunes nulls of fields that are not nullable before it validates; built-in kinds decode null to
    the zero value.
    """
    out = dict(node)
    if "properties" in node:
        required = set(node.get("required", ()))
        out["properties"] = {
            name: optional_nulls(child) if name in required else nullable(optional_nulls(child))
            for name, child in node["properties"].items()
        }
    if isinstance(node.get("additionalProperties"), dict):
        out["additionalProperties"] = nullable(optional_nulls(node["additionalProperties"]))
    if "items" in node:
        out["items"] = optional_nulls(node["items"])
    return out


def _kept(node: Schema) -> Schema:
    out = {word: node[word] for word in KEPT if word in node}
    # OpenAPI v3.0 writes exclusive limits as booleans beside the limit.
    for word, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(out.get(word), bool) and out.pop(word) and limit in out:
            out[word] = out.pop(limit)
    return out


def _object(node: Schema, *, defaults: bool) -> Schema:
    out: Schema = {}
    # The API server fills in defaults before it looks for what is missing.
    filled = {name for name, child in node.get("properties", {}).items() if "default" in child}
    if required := sorted(set(node.get("required", ())) - filled):
        out["required"] = required
    properties = {name: strict(child, defaults=defaults) for name, child in node.get("properties", {}).items()}
    if node.get("x-kubernetes-embedded-resource"):
        properties |= {name: {"type": "string"} for name in ("apiVersion", "kind")}
        properties.setdefault("metadata", {"type": "object"})
    if properties:
        out["properties"] = dict(sorted(properties.items()))
    more = node.get("additionalProperties")
    if isinstance(more, dict):
        out["additionalProperties"] = strict(more, defaults=defaults)
    elif not node.get("x-kubernetes-preserve-unknown-fields") and more is not True:
        out["additionalProperties"] = False
    return out


def _condition(node: Schema) -> Schema:
    """Return a branch of oneOf and its like: conditions only, never a list of allowed names."""
    out = _kept(node)
    if node.get("required"):
        out["required"] = sorted(node["required"])
    if "type" in node:
        out["type"] = node["type"]
    if "properties" in node:
        out["properties"] = {name: _condition(child) for name, child in node["properties"].items()}
    if "not" in node:
        out["not"] = _condition(node["not"])
    for word in ("oneOf", "anyOf", "allOf"):
        if word in node:
            out[word] = [_condition(branch) for branch in node[word]]
    return out
