"""`--fix`: edits in place that keep every other byte of a file, comments and layout included.

Each edited document is read again and must hold exactly the value that the edits ask for; else nothing is written.
"""

from __future__ import annotations

import copy
import difflib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validator.errors import EstateError, InputError
from validator.finding import Action, Edit, Finding
from validator.read import exact
from validator.read.documents import Document
from validator.read.exact import Node, Pointer
from validator.read.manifest import dig
from validator.read.scalars import ambiguity, resolve

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*")


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after its edits."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


class _CannotEdit(Exception):
    """The text at a place is not of a form that can be edited without touching more."""


def changes(root: Path, findings: Iterable[Finding]) -> Iterator[Change]:
    """Yield the files that the fixes of findings change, sorted by path; a fix that does not hold is left out."""
    grouped: dict[str, list[tuple[Edit, ...]]] = {}
    for finding in findings:
        if finding.fix:
            grouped.setdefault(finding.fix[0].at.document.path, []).append(finding.fix)
    for path in sorted(grouped):
        before = (root / path).read_bytes().decode()
        after = before
        done: set[tuple[Any, ...]] = set()
        for fix in grouped[path]:
            mark = tuple((e.at.pointer, e.at.document.index, e.action, e.key, repr(e.value)) for e in fix)
            if mark in done or any(edit.at.document.path != path for edit in fix):
                continue
            done.add(mark)
            after = _apply(after, path, fix)
        if after != before:
            yield Change(path, before, after)


def write(root: Path, change: Change) -> None:
    """Replace one file whole, keeping its mode; a link is refused."""
    path = root / change.path
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        raise InputError("is a link and is not edited", path=change.path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(change.after.encode())
        temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"cannot be written: {(error.strerror or 'error').lower()}", path=change.path) from None


def _apply(text: str, path: str, fix: tuple[Edit, ...]) -> str:
    """Return the text with one fix applied, or the text as it was where that cannot be done safely."""
    changed = text
    try:
        for edit in fix:
            changed = _edit(changed, path, edit)
    except (_CannotEdit, EstateError):
        return text
    return changed


def _edit(text: str, path: str, edit: Edit) -> str:
    index = _position(text, path, edit.at.document)
    trees = exact.load_all(text.encode(), path)
    tree = trees[index]
    wanted = _edited(tree.value, edit)
    if wanted == tree.value and edit.action is not Action.QUOTE:
        return text
    lines = text.splitlines(keepends=True)
    node = _node(tree.root, edit.at.pointer)
    if edit.action is Action.QUOTE and node.plain is not None:
        _replace(lines, node, node.plain, json.dumps(node.plain, ensure_ascii=False))
    elif edit.action is Action.SET:
        _replace(lines, node, _token(lines, node), _scalar(edit.value))
    elif edit.action is Action.INSERT:
        _insert(lines, node, edit)
    elif edit.action is Action.APPEND:
        _append(lines, node, edit)
    elif edit.action is Action.REMOVE:
        _remove(lines, tree.root, edit.at.pointer)
    else:
        raise _CannotEdit
    result = "".join(lines)
    if [found.value for found in exact.load_all(result.encode(), path)] != [
        wanted if number == index else found.value for number, found in enumerate(trees)
    ]:
        raise _CannotEdit
    return result


def _position(text: str, path: str, document: Document) -> int:
    """Return the number of a document in its file, counting as the exact reader does."""
    starts = [tree.root.line for tree in exact.load_all(text.encode(), path)]
    if document.index >= len(starts):
        raise _CannotEdit
    return document.index


def _node(root: Node, pointer: Pointer) -> Node:
    node = root
    for step in pointer:
        child = (node.children or {}).get(step)
        if child is None:
            raise _CannotEdit
        node = child
    return node


def _edited(value: Any, edit: Edit) -> Any:
    wanted = copy.deepcopy(value)
    if edit.action is Action.QUOTE:
        # The value becomes the text as written; which text that is, the reader says.
        return _with_text(wanted, edit)
    parent = dig(wanted, edit.at.pointer[:-1])
    last = edit.at.pointer[-1] if edit.at.pointer else None
    target = dig(wanted, edit.at.pointer)
    if edit.action is Action.SET and isinstance(parent, dict | list):
        parent[last] = edit.value  # type: ignore[index]  # last is a key of parent
    elif edit.action is Action.INSERT and isinstance(target, dict) and edit.key not in target:
        target[edit.key] = edit.value
    elif edit.action is Action.APPEND and isinstance(target, list) and edit.value not in target:
        target.append(edit.value)
    elif edit.action is Action.REMOVE and isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]
    return wanted


def _with_text(wanted: Any, edit: Edit) -> Any:
    parent, last = dig(wanted, edit.at.pointer[:-1]), edit.at.pointer[-1] if edit.at.pointer else None
    if isinstance(parent, dict | list) and isinstance(edit.value, str):
        parent[last] = edit.value  # type: ignore[index]  # last is a key of parent
    return wanted


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _SAFE.fullmatch(value) and isinstance(resolve(value), str) and not ambiguity(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _token(lines: list[str], node: Node) -> str:
    if node.plain is not None:
        return node.plain
    match = _QUOTED.match(lines[node.line - 1], node.column - 1)
    if match is None:
        raise _CannotEdit
    return match[0]


def _replace(lines: list[str], node: Node, old: str, new: str) -> None:
    line, start = lines[node.line - 1], node.column - 1
    if not old or line[start : start + len(old)] != old:
        raise _CannotEdit
    lines[node.line - 1] = f"{line[:start]}{new}{line[start + len(old) :]}"


def _insert(lines: list[str], node: Node, edit: Edit) -> None:
    keys = list((node.keys or {}).values())
    if not keys:
        raise _CannotEdit
    first = keys[0]
    line, start = lines[first.line - 1], first.column - 1
    if lines[node.line - 1][node.column - 1 : node.column] == "{":
        lines[first.line - 1] = f"{line[:start]}{edit.key}: {_scalar(edit.value)}, {line[start:]}"
    elif not line[:start].strip():
        lines.insert(first.line - 1, f"{line[:start]}{edit.key}: {_scalar(edit.value)}{_ending(line)}")
    else:
        raise _CannotEdit


def _append(lines: list[str], node: Node, edit: Edit) -> None:
    items = [child for step, child in (node.children or {}).items() if isinstance(step, int)]
    if not items:
        raise _CannotEdit
    last = items[-1]
    if lines[node.line - 1][node.column - 1 : node.column] == "[":
        line, end = lines[last.line - 1], last.column - 1 + len(_token(lines, last))
        lines[last.line - 1] = f"{line[:end]}, {_scalar(edit.value)}{line[end:]}"
        return
    dash = lines[items[0].line - 1][: items[0].column - 1]
    if dash.strip() != "-":
        raise _CannotEdit
    end_line = _last_line(last)
    if not lines[end_line - 1].endswith("\n"):
        lines[end_line - 1] += "\n"
    pairs = list(edit.value.items()) if isinstance(edit.value, dict) else []
    ending = _ending(lines[end_line - 1])
    added = [f"{key}: {_scalar(value)}" for key, value in pairs] or [_scalar(edit.value)]
    indent = " " * len(dash)
    lines[end_line:end_line] = [f"{dash if not number else indent}{text}{ending}" for number, text in enumerate(added)]


def _remove(lines: list[str], root: Node, pointer: Pointer) -> None:
    parent, node = _node(root, pointer[:-1]), _node(root, pointer)
    dash = lines[node.line - 1][: node.column - 1]
    if dash.strip() != "-" or len(parent.children or {}) < 2:
        raise _CannotEdit
    del lines[node.line - 1 : _last_line(node)]


def _last_line(node: Node) -> int:
    """Return the last line of a block item; an item that ends in a block or multi-line scalar is not edited."""
    last = node
    while last.children:
        last = list(last.children.values())[-1]
    if isinstance(last.value, str) and "\n" in last.value:
        raise _CannotEdit
    return last.line


def _ending(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"
