"""Read an estate file and say everything that is wrong with it, each with its place, before anything is written.

Standard library and PyYAML only: the template's hooks run this with nothing but cookiecutter installed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from validator import resources
from validator.errors import EstateError, InputError
from validator.estate_file import ESTATE_FILE, checks, json_schema
from validator.estate_file.checks.view import make_view
from validator.estate_file.flaw import Flaw, Pointer
from validator.estate_file.json_schema import Schema
from validator.read.exact import Tree, load_all

MAX_BYTES = 8 * 1024 * 1024
MAX_PROBLEMS = 100
"""A file with more is not an estate file with mistakes; the rest is counted, not told."""


_FRACTION = re.compile(r"[ \[]-?\d+[.eE]")


class EstateFileError(InputError):
    """An estate file with problems; `problems` holds each of them, the message all."""

    def __init__(self, problems: list[EstateError]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self._problems = problems

    @property
    def problems(self) -> list[EstateError]:
        return self._problems


def locate(place: Path) -> Path:
    """Return the path of an estate file that is given itself or by its folder; raise InputError for a folder without one."""
    if not place.is_dir():
        return place
    path = place / ESTATE_FILE
    if not path.is_file():
        raise InputError(f"holds no `{ESTATE_FILE}`", path=str(place), hint="give the estate file, or its folder")
    return path


def load(path: str | Path) -> dict[str, Any]:
    """Return the content of an estate file without problems; raise EstateFileError with all of them."""
    data, found = _judge(Path(path))
    if found or data is None:
        raise EstateFileError(found)
    return data


def read(path: str | Path) -> str:
    """Return the text of an estate file without problems; raise EstateFileError with all of them."""
    try:
        content = _read(Path(path))
    except InputError as error:
        raise EstateFileError([_printable(error)]) from None
    if found := problems_in(content, str(path)):
        raise EstateFileError(found)
    return content.decode("utf-8")


def problems(path: str | Path) -> list[EstateError]:
    """Return everything that is wrong with an estate file, by line and column."""
    return _judge(Path(path))[1]


def problems_in(content: bytes, path: str) -> list[EstateError]:
    """Return everything that is wrong with the content of an estate file; `path` is only named."""
    return _judge_content(content, path)[1]


@cache
def schema() -> Schema:
    """Return the schema of estate files."""
    found: Schema = json.loads((resources.schemas() / "estate.schema.json").read_text(encoding="utf-8"))
    return found


def _judge(path: Path) -> tuple[dict[str, Any] | None, list[EstateError]]:
    try:
        content = _read(path)
    except InputError as error:
        return None, [_printable(error)]
    return _judge_content(content, str(path))


def _judge_content(content: bytes, path: str) -> tuple[dict[str, Any] | None, list[EstateError]]:
    try:
        tree = _parse(content, path)
    except InputError as error:
        return None, [_printable(error)]
    return tree.value, problems_of(tree.value, lambda: tree, path)


def problems_of(data: dict[str, Any], tree: Callable[[], Tree], path: str) -> list[EstateError]:
    """Return everything that is wrong with the value of an estate file; `tree` gives the places, asked for at need."""
    found: list[Flaw] = []
    flaws = () if _is_valid(data) else json_schema.flaws(data, schema(), lambda pointer: _words(tree(), pointer))
    for flaw in flaws:
        found.append(flaw)
        if len(found) > MAX_PROBLEMS:
            break
    else:
        for flaw in checks.flaws(make_view(data, schema(), found)):
            found.append(flaw)
            if len(found) > MAX_PROBLEMS:
                break
    return _located(found, tree(), path) if found else []


def _is_valid(data: dict[str, Any]) -> bool:
    """Return whether the schema is met, where that is soon known: most files are sound, and have nothing to be told of.

    Fractions and unusual characters are left to our own engine: to JSON Schema 1.0 is a whole number, and expressions
    of other languages have other spaces.
    """
    try:
        from jsonschema_rs import Draft202012Validator
    except ImportError:
        return False
    try:
        text = json.dumps(data)
        plain = not any(mark in text for mark in ("\\", "NaN", "Infinity")) and _FRACTION.search(text) is None
        return plain and Draft202012Validator(schema()).is_valid(data)
    except (TypeError, ValueError):
        return False


def _read(path: Path) -> bytes:
    if "\0" in str(path):
        raise InputError("a file name cannot hold a NUL", path=str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise _unreadable(path, error) from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(
                "is a folder, not an estate file", path=str(path), hint="name the file, such as `estate.yaml`"
            )
        if not stat.S_ISREG(status.st_mode):
            raise InputError("is not a regular file", path=str(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        raise InputError(f"is larger than the {MAX_BYTES // 2**20} MiB that an estate file may have", path=str(path))
    return content


def _unreadable(path: Path, error: OSError) -> InputError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return InputError("does not exist", path=str(path), hint="`examples/lab.yaml` is one to start from")
    if error.errno in (errno.EISDIR, errno.EACCES) and path.is_dir():
        return InputError(
            "is a folder, not an estate file", path=str(path), hint="name the file, such as `estate.yaml`"
        )
    return InputError(f"cannot be read: {(os.strerror(error.errno or 0)).lower()}", path=str(path))


def _parse(content: bytes, path: str) -> Tree:
    if b"\0" in content:
        raise InputError("is not text but binary", path=path, hint="an estate file is YAML in UTF-8")
    trees = load_all(content, path)
    if len(trees) > 1:
        line, column = trees[1].locate(())
        message = "a second document begins here, an estate file has one"
        raise InputError(message, path=path, line=line, column=column, hint="remove the line `---` before it")
    if not trees or trees[0].value is None:
        raise InputError("is empty", path=path, hint="`examples/lab.yaml` is one to start from")
    if not isinstance(trees[0].value, dict):
        kind = "a list" if isinstance(trees[0].value, list) else "a single value"
        line, column = trees[0].locate(())
        message = f"must be a mapping with keys such as `name` and `sites`, is {kind}"
        raise InputError(message, path=path, line=line, column=column)
    return trees[0]


def _located(found: Iterable[Flaw], tree: Tree, path: str) -> list[EstateError]:
    errors: list[EstateError] = []
    for flaw in found:
        line, column = tree.locate(flaw.pointer, key=flaw.key)
        message = flaw.message
        if flaw.related is not None:
            message += f" (line {tree.locate(flaw.related)[0]})"
        errors.append(_printable(InputError(message, path=path, line=line, column=column, hint=flaw.hint)))
    errors.sort(key=lambda error: (error.line or 0, error.column or 0, error.message))
    unique = {str(error): error for error in errors}
    kept = list(unique.values())[:MAX_PROBLEMS]
    if len(unique) > MAX_PROBLEMS:
        kept.append(InputError(f"has more than {MAX_PROBLEMS} problems, the rest is not listed", path=path))
    return kept


def _words(tree: Tree, pointer: Pointer) -> str | None:
    return tree.node(pointer).plain


def _printable(error: EstateError) -> EstateError:
    """Return the error without line breaks, terminal escapes and other characters that do not print."""
    error.message = _plain(error.message)
    error.hint = _plain(error.hint) if error.hint else None
    return error


def _plain(text: str) -> str:
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character if character.isprintable() else f"\\u{ord(character):04x}"
