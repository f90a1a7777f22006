"""Settings of `estate validate`: `.estate.toml`, else `[tool.estate]` in `pyproject.toml`, both at the root."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.finding import Severity
from validator.options import Options

FILE = ".estate.toml"
MAX_BYTES = 1024 * 1024


def load(root: Path) -> tuple[Options, dict[str, Any]]:
    """Return the options of a repository and its raw settings; raise InputError for anything not known."""
    path, data = _read(root)
    if path is None:
        return Options(), {}
    _check(path, data)
    severities = {_rule_id(path, name): Severity(text) for name, text in data.get("severity", {}).items()}
    for key in ("select", "ignore"):
        for name in data.get(key, ()):
            _known(path, name)
    options = Options(
        select=tuple(data.get("select", ())),
        ignore=tuple(data.get("ignore", ())),
        kubeconform=data.get("kubeconform", "auto"),
        severities=severities,
        exclude=tuple(data.get("exclude", ())),
        baseline=data.get("baseline"),
    )
    return options, data


def _read(root: Path) -> tuple[str | None, dict[str, Any]]:
    for name in (FILE, "pyproject.toml"):
        path = root / name
        if not path.is_file():
            continue
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"is longer than {MAX_BYTES} bytes", path=name)
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"is not TOML: {error}", path=name) from None
        if name == FILE:
            return name, data
        table = data.get("tool", {}).get("estate")
        if isinstance(table, dict):
            return f"{name} [tool.estate]", table
    return None, {}


def _check(path: str, data: dict[str, Any]) -> None:
    import difflib

    from jsonschema import Draft202012Validator

    from validator import resources

    schema = json.loads((resources.schemas() / "config.schema.json").read_text(encoding="utf-8"))
    for error in sorted(Draft202012Validator(schema).iter_errors(data), key=lambda found: list(map(str, found.path))):
        key = ".".join(str(part) for part in error.absolute_path)
        hint = None
        if error.validator == "additionalProperties":
            known = list(schema["properties"])
            extra = sorted(set(data) - set(known))
            close = difflib.get_close_matches(extra[0], known, n=1) if extra else []
            hint = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(known)}"
            raise InputError(f"unknown key `{extra[0] if extra else key}`", path=path, hint=hint)
        raise InputError(f"`{key}`: {error.message}", path=path)


def _rule_id(path: str, name: str) -> str:
    from validator.rules import find

    one = find(name)
    if one is None:
        raise InputError(f"`severity` names no rule: `{name}`", path=path, hint="`estate rules` lists them all")
    return one.id


def _known(path: str, name: str) -> None:
    from validator.rules import all_rules

    if not any(one.id.startswith(name.upper()) or one.name == name.lower() for one in all_rules()):
        raise InputError(f"names no rule: `{name}`", path=path, hint="`estate rules` lists them all")
