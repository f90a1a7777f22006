"""The baseline: findings that a repository lives with for now, by rule, path and object, never by line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.finding import Finding, Severity
from validator.read import exact

STALE = ("EST901", "stale-baseline-entry")
_HEAD = """# Findings that `estate validate` does not report, by rule, path and object.
# Written by `estate validate --write-baseline`; edit freely: an entry may carry a `reason`.
# An entry that no longer matches anything is reported: remove it then.
version: 1
findings:
"""
_KEYS = ("rule", "path", "object", "count", "reason")


def apply(root: Path, name: str, findings: list[Finding]) -> tuple[list[Finding], int]:
    """Return the findings that the baseline does not hold, stale entries included, and how many it took out."""
    entries = _entries(root, name)
    left = Counter({key: count for key, (count, _, _) in entries.items()})
    kept = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.subject)
        if left[key] > 0:
            left[key] -= 1
        else:
            kept.append(finding)
    hidden = len(findings) - len(kept)
    for (rule, path, subject), (count, line, column) in entries.items():
        if left[(rule, path, subject)] == count:
            message = f"baseline entry matches no finding: `{rule}` at `{path}` in `{subject}`; remove it"
            kept.append(Finding(*STALE, Severity.WARNING, message, name, line, column))
    return kept, hidden


def _entries(root: Path, name: str) -> dict[tuple[str, str, str], tuple[int, int, int]]:
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise InputError("the baseline must stand in the repository", path=name)
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "write it with `estate validate --write-baseline FILE`"
        raise InputError(
            f"baseline cannot be read: {(error.strerror or 'error').lower()}", path=name, hint=hint
        ) from None
    tree = exact.load_one(data, name)
    value: Any = tree.value if tree else {}
    found: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    items = value.get("findings") if isinstance(value, dict) else None
    if not isinstance(items, list | None) or not isinstance(value, dict) or value.get("version") != 1 or tree is None:
        raise InputError("is no baseline: `version: 1` and a list `findings` are required", path=name, line=1, column=1)
    for index, item in enumerate(items or []):
        line, column = tree.locate(("findings", index))
        if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("rule", "path")):
            raise InputError("an entry needs `rule` and `path`", path=name, line=line, column=column)
        if extra := sorted(set(item) - set(_KEYS)):
            hint = f"known keys: {', '.join(_KEYS)}"
            raise InputError(f"unknown key `{extra[0]}`", path=name, line=line, column=column, hint=hint)
        count = item.get("count", 1)
        if not isinstance(count, int) or count < 1:
            raise InputError("`count` must be a number from 1 on", path=name, line=line, column=column)
        found[(item["rule"], item["path"], str(item.get("object", "")))] = (count, line, column)
    return found


def render(findings: tuple[Finding, ...]) -> str:
    """Return the baseline that holds exactly these findings."""
    counts = Counter((f.rule, f.path, f.subject) for f in findings if f.rule not in {STALE[0], "INT000"})
    lines = [_HEAD.rstrip("\n") + (" []" if not counts else "")]
    for (rule, path, subject), count in sorted(counts.items()):
        lines.append(f"  - rule: {rule}\n    path: {_quoted(path)}\n    object: {_quoted(subject)}")
        if count > 1:
            lines.append(f"    count: {count}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)
