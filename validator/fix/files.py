"""`--fix`: edits in place that keep every other byte of a file, comments and layout included.

The text is spliced where the value stands. A round trip through ruamel.yaml keeps comments too, but writes the whole
document anew: quotes, indentation, line breaks of long texts and spaces in flow lists become its own, and a diff of one
word becomes one of fifty lines. Each edited file is read again and must hold exactly the values that the edits ask for;
else the edit is left out. Encrypted documents are never touched, as SOPS signs all their values.
"""

from __future__ import annotations

import difflib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from validator.errors import EstateError, InputError
from validator.finding import Action, Edit, Finding
from validator.fix.splices import CannotEdit, Splice, does_nothing, edited, splice, spliced
from validator.read import exact
from validator.read.documents import Document
from validator.read.spans import Span, spans
from validator.runner import Report

MAX_ROUNDS = 5
"""One fix may make room for the next, such as a checksum of the values; never for ever."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after its edits, and the findings that they mend."""

    path: str
    before: bytes
    after: bytes
    mended: tuple[Finding, ...] = ()

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        before, after = (text.decode().split("\n") for text in (self.before, self.after))
        lines = difflib.unified_diff(_kept(before), _kept(after), f"a/{self.path}", f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _kept(lines: list[str]) -> list[str]:
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def mend(root: Path, report: Report, again: Callable[[Mapping[str, bytes]], Report]) -> list[Change]:
    """Return all that can be mended, sorted by path; `again` checks the repository with other texts for some files."""
    found: dict[str, Change] = {}
    for _ in range(MAX_ROUNDS):
        texts = {path: change.after for path, change in found.items()}
        more = list(changes(root, report.findings, texts))
        if not more:
            break
        for change in more:
            first = found.get(change.path)
            found[change.path] = (
                replace(first, after=change.after, mended=(*first.mended, *change.mended)) if first else change
            )
        report = again({path: change.after for path, change in found.items()})
    return [found[path] for path in sorted(found)]


def changes(root: Path, findings: Iterable[Finding], texts: Mapping[str, bytes] | None = None) -> Iterator[Change]:
    """Yield the files that the fixes of findings change, sorted by path; a fix that does not hold is left out."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        paths = {edit.at.document.path for edit in finding.fix}
        if len(paths) == 1:
            grouped.setdefault(paths.pop(), []).append(finding)
    for path in sorted(grouped):
        before = (texts or {}).get(path)
        if before is None:
            before = _read(root, path)
        if before is not None:
            after, mended = _File(path, before).mended(grouped[path])
            if after != before:
                yield Change(path, before, after, mended)


def write(root: Path, change: Change) -> None:
    """Replace one file whole, keeping its mode; one that is a link, or was edited meanwhile, is refused."""
    path = root / change.path
    if _read(root, change.path) != change.before:
        raise InputError("was changed or replaced meanwhile and is not mended", path=change.path, hint="run it again")
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=".estate-", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
        part = Path(name)
        part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise InputError(f"cannot be written: {(error.strerror or 'error').lower()}", path=change.path) from None


def _read(root: Path, path: str) -> bytes | None:
    """Return the bytes of a file, None where a link is on the way to it, or it may not be written or is not there."""
    place = root / path
    top = root.resolve()
    try:
        if place.resolve() != top / path or not place.is_file() or not os.access(place, os.W_OK):
            return None
        return place.read_bytes()
    except OSError:
        return None


class _File:
    """One file and the edits that hold together in it; all pointers speak of the text as it was."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data
        self._mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
        self._text = data.decode().removeprefix(self._mark)
        self._result = self._text
        self._trees: list[exact.Tree] = []
        self._roots: list[Span] = []
        self._splices: list[Splice] = []
        self._edits: list[tuple[int, Edit]] = []

    def mended(self, findings: Iterable[Finding]) -> tuple[bytes, tuple[Finding, ...]]:
        """Return the text with as many fixes as hold, and whose they are."""
        try:
            self._trees, self._roots = exact.load_all(self._text.encode(), self._path), spans(self._text)
        except (EstateError, yaml.YAMLError):
            return self._data, ()
        if len(self._trees) != len(self._roots):
            return self._data, ()
        alike: dict[Any, list[Finding]] = {}
        for finding in findings:
            alike.setdefault(tuple(_mark(edit) for edit in finding.fix), []).append(finding)
        taken = self._take([found[0].fix for found in alike.values()])
        mended = [one for found in alike.values() if found[0].fix in taken for one in found]
        return (self._mark + self._result).encode(), tuple(mended)

    def _take(self, fixes: list[tuple[Edit, ...]]) -> list[tuple[Edit, ...]]:
        """Make as many fixes as hold together, all at once where that goes, and return them."""
        try:
            self._accept(fixes)
        except (CannotEdit, EstateError, yaml.YAMLError):
            half = len(fixes) // 2
            return [*self._take(fixes[:half]), *self._take(fixes[half:])] if half else []
        return fixes

    def _accept(self, fixes: list[tuple[Edit, ...]]) -> None:
        """Make more fixes beside those that are made; raise CannotEdit where the result is not what they ask for."""
        new: list[Splice] = []
        more: list[tuple[int, Edit]] = []
        for edit in (edit for fix in fixes for edit in fix):
            index = self._position(edit.at.document)
            one = splice(self._text, self._roots[index], edit)
            if does_nothing(self._trees[index].value, edit, self._text[one.start : one.end]):
                raise CannotEdit
            new.append(one)
            if edit.action is Action.QUOTE:
                more.append((index, replace(edit, value=self._text[one.start : one.end])))
            else:
                more.append((index, edit))
        result = spliced(self._text, (*self._splices, *new))
        asked = [*self._edits, *more]
        wanted = [edited(tree.value, [e for i, e in asked if i == number]) for number, tree in enumerate(self._trees)]
        found = [tree.value for tree in exact.load_all(result.encode(), self._path)]
        if _shape(found) != _shape(wanted):
            raise CannotEdit
        self._splices, self._edits, self._result = [*self._splices, *new], asked, result

    def _position(self, document: Document) -> int:
        """Return the number of a document in its file; one that is encrypted, or not as it was read, is not edited."""
        encrypted = isinstance(document.value, dict) and isinstance(document.value.get("sops"), dict)
        if encrypted or not self._data.startswith(document.data, self._offset(document.line_offset)):
            raise CannotEdit
        place = document.tree.locate(())
        for number, tree in enumerate(self._trees):
            if tree.locate(()) == place:
                return number
        raise CannotEdit

    def _offset(self, line: int) -> int:
        offset = 0
        for _ in range(line):
            offset = self._data.find(b"\n", offset) + 1
        return offset


def _mark(edit: Edit) -> Any:
    at = edit.at
    return (at.document.line_offset, at.document.index, at.pointer, at.key, edit.action, edit.key, repr(edit.value))


def _shape(value: Any) -> str:
    """Return a value in a form that tells `1`, `1.0` and `true` apart and finds `.nan` equal to itself."""
    return json.dumps(value, sort_keys=True)
