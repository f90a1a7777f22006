"""Run a document through JSON Schema: jsonschema-rs, or jsonschema where it cannot be imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator.schema.kinds import Kind
from validator.schema.problem import Fault

# ValueError: the value holds what JSON cannot, such as a number past its range.
_UNSAYABLE = (ValueError, OverflowError, TypeError)


def accepts(kind: Kind, value: Any) -> bool:
    """Return whether the schema of a kind accepts a value; this is the hot path."""
    validator = kind.validator
    if validator is None:
        validator = kind.validator = _compile(kind.schema)
    try:
        return bool(validator.is_valid(value))
    except _UNSAYABLE:
        return False


def faults(kind: Kind, value: Any) -> list[Fault]:
    """Return every fault of a value, in the engine's order."""
    if kind.validator is None:
        kind.validator = _compile(kind.schema)
    try:
        return [fault for error in kind.validator.iter_errors(value) for fault in _faults(error)]
    except _UNSAYABLE:
        return []


def _compile(schema: dict[str, Any]) -> Any:
    try:
        import jsonschema_rs
    except ImportError:
        return _plain(schema)
    return jsonschema_rs.Draft7Validator(schema, validate_formats=False)


def _plain(schema: dict[str, Any]) -> Any:
    """Return a validator of jsonschema that reads patterns as Go does: `$` is the very end of the text."""
    import jsonschema

    def pattern(_: Any, expression: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        if isinstance(value, str) and not re.search(expression.replace("$", r"\Z"), value, re.ASCII):
            yield jsonschema.ValidationError("pattern")

    extend: Any = jsonschema.validators.extend
    return extend(jsonschema.Draft7Validator, {"pattern": pattern})(schema)


def _faults(error: Any) -> Iterator[Fault]:
    if hasattr(error, "absolute_path"):
        yield from _plain_faults(error)
        return
    pointer, kind = tuple(error.instance_path), error.kind
    if kind.name == "additionalProperties":
        yield from (Fault(pointer, kind.name, name) for name in kind.unexpected)
    elif kind.name == "required":
        yield Fault(pointer, kind.name, kind.property)
    else:
        yield Fault(pointer, kind.name)


def _plain_faults(error: Any) -> Iterator[Fault]:
    pointer, keyword = tuple(error.absolute_path), str(error.validator)
    if keyword == "additionalProperties":
        allowed = error.schema.get("properties", {})
        yield from (Fault(pointer, keyword, name) for name in error.instance if name not in allowed)
    elif keyword == "required":
        # One error for each missing name, which is only told in the text.
        yield from (Fault(pointer, keyword, name) for name in error.validator_value if name not in error.instance)
    else:
        yield Fault(pointer, keyword)
