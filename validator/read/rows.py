"""From a file to the documents in it, as plain values: what one process can hand to another."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from validator.errors import InputError
from validator.read import fast, plainjson
from validator.read.files import SourceFile

_CONFLICT = re.compile(rb"^<{7}(?: .*)?$(?=[\s\S]*?^={7}\r?$)", re.MULTILINE)
_TEMPLATE = re.compile(
    rb"\{\{.*\}\}|\{%.*%\}|<%.*%>|</?[#@]\w+.*>|%\{.*\}|\[\[ .* \]\]|@@\w+@@|\$\{[a-z]\w*\.[a-z]|\(@=?.*@\)|#@ |<[A-Z][A-Z0-9]*_[A-Z0-9_]+>"
)
"""Marks of template engines: Go, Jinja, ERB, FreeMarker, Terraform, ytt, and names that a script puts in."""
_COMMENTS = re.compile(rb"(?: *(?:#[^\n]*)?\n)*")
_BOUNDARY = re.compile(rb"^---(?=[ \n]|$)", re.MULTILINE)
Read: TypeAlias = tuple[bytes, Any, bool, bool]
"""A text and its value, whether readers read it in different ways, and whether it is a whole file of several documents."""
Row: TypeAlias = tuple[str, int, int, Read]
"""A document: path, index and offset of its lines, and what was read. All of it is of plain types."""
Told: TypeAlias = tuple[str, int, int, str, str | None, str]
"""What could not be read: the fields of `Unreadable` in their order."""
Cache: TypeAlias = dict[bytes, Read]
"""What was read already, by its text: a repository of many clusters says most things many times."""


def rows_of(file: SourceFile, cache: Cache) -> tuple[list[Row], Told | None]:
    """Return the documents of a file that is loaded, or why it cannot be read."""
    if file.problem:
        return [], (file.path, 1, 1, file.problem, file.hint, "file")
    try:
        return _rows(file, cache), None
    except InputError as error:
        return [], _broken(file, error)


def _broken(file: SourceFile, error: InputError) -> Told:
    if match := _CONFLICT.search(file.data):
        line = file.data.count(b"\n", 0, match.start()) + 1
        message = "holds the marks of a merge that was not finished"
        return file.path, line, 1, message, "choose one side and remove the marks", "conflict"
    cause = "duplicate-key" if error.message.startswith("key `") else "template" if _is_template(file.data) else "yaml"
    return file.path, error.line or 1, error.column or 1, error.message, error.hint, cause


def _is_template(data: bytes) -> bool:
    """Return whether a text holds marks of a template engine."""
    if _TEMPLATE.search(data) is None:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _rows(file: SourceFile, cache: Cache) -> list[Row]:
    data = file.data
    if b"\n---" not in data and not data.startswith(b"---"):
        pieces = [(0, data)]
    elif _splits_at_markers(data):
        pieces = _split(data)
    else:
        return _exact_rows(file)
    found: list[Row] = []
    for offset, piece in pieces:
        known = cache.get(piece)
        if known is None:
            loaded = _load(piece, file.path, offset)
            if loaded is None:
                return _exact_rows(file)
            known = cache[piece] = (piece, *loaded, False)
        if known[1] is not None:
            found.append((file.path, len(found), offset, known))
    return found


def _splits_at_markers(data: bytes) -> bool:
    return not (b"\r" in data or data.startswith((b"%", b"\xef")) or b"\n%" in data or b"\n..." in data)


def _split(data: bytes) -> list[tuple[int, bytes]]:
    starts = [match.start() for match in _BOUNDARY.finditer(data)]
    if starts and _COMMENTS.fullmatch(data, 0, starts[0]):
        starts[0] = 0
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    pieces = []
    line = 0
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        piece = data[start:end]
        pieces.append((line, piece))
        line += piece.count(b"\n")
    return pieces


def _load(piece: bytes, path: str, offset: int) -> tuple[Any, bool] | None:
    """Read one piece; None where the file must be read as a whole (several documents after all)."""
    for quick in (plainjson, fast):
        if quick.looks_plain(piece):
            try:
                return quick.load(piece), False
            except ValueError:
                pass
    from validator.read import exact

    trees = exact.load_all(piece, path, line_offset=offset)
    if len(trees) > 1:
        return None
    return (trees[0].value if trees else None), True


def first_value(data: bytes, path: str) -> Any:
    """Return the value of the first document of a text, None where there is none; raise InputError as the reader does."""
    if b"\n---" not in data and not data.startswith(b"---"):
        loaded = _load(data, path, 0)
        if loaded is not None:
            return loaded[0]
    from validator.read import exact

    trees = exact.load_all(data, path)
    return trees[0].value if trees else None


def _exact_rows(file: SourceFile) -> list[Row]:
    """Read a file whose documents cannot be cut apart at `---` lines, such as one with directives."""
    from validator.read import exact

    trees = exact.load_all(file.data, file.path)
    return [(file.path, index, 0, (file.data, tree.value, True, True)) for index, tree in enumerate(trees)]
