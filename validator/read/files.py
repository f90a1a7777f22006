"""Walk a repository and read its YAML files, within bounds and never out of the root."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 8 * 1024 * 1024
MAX_FILES = 400_000
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
"""Beside every hidden folder: none of them is a sync path."""
SUFFIXES = (".yaml", ".yml")
NAMES = frozenset({"Kustomization"})
"""Files that are YAML without a suffix: kustomize reads one of this name too."""


@dataclass(slots=True)
class SourceFile:
    """One YAML file; `path` is POSIX and relative to the root. `problem` says why there is no `data`."""

    path: str
    data: bytes = b""
    problem: str | None = None
    hint: str | None = None


def yaml_files(root: Path) -> Iterator[SourceFile]:
    """Yield every YAML file below `root`, sorted by path; folders reached through a link are not entered."""
    top = os.path.realpath(root)
    count = 0
    pending = [(top, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listing = sorted(entries, key=_name)
        except OSError as error:
            yield SourceFile(readable(prefix.rstrip("/")) or ".", problem=f"folder cannot be read: {_reason(error)}")
            continue
        folders = []
        for entry in listing:
            name = entry.name
            if (name.endswith(SUFFIXES) or name in NAMES) and not entry.is_dir(follow_symlinks=False):
                count += 1
                if count > MAX_FILES:
                    yield SourceFile(
                        readable(prefix + name), problem=f"is past the {MAX_FILES} YAML files that one run reads"
                    )
                    return
                yield _read(entry, top, readable(prefix + name))
            elif entry.is_dir(follow_symlinks=False) and name[0] != "." and name not in SKIPPED_FOLDERS:
                folders.append((entry.path, f"{prefix}{name}/"))
        pending.extend(reversed(folders))


def readable(path: str) -> str:
    """Return a path as text that any report can hold: bytes that are no UTF-8 are written out."""
    return path if path.isascii() else os.fsencode(path).decode(errors="backslashreplace")


def without_templates(files: Iterable[SourceFile]) -> Iterator[SourceFile]:
    """Drop the templates of Helm charts, unless they are plain manifests; a folder's own files come before those below."""
    charts: set[str] = set()
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if name == "Chart.yaml":
            charts.add(folder)
        elif charts and "templates" in folder and b"{{" in file.data and _is_template(folder, charts):
            continue
        yield file


def _is_template(folder: str, charts: set[str]) -> bool:
    parts = folder.split("/")
    return any(part == "templates" and "/".join(parts[:index]) in charts for index, part in enumerate(parts))


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _read(entry: os.DirEntry[str], top: str, path: str) -> SourceFile:
    try:
        if entry.is_symlink():
            return _read_link(entry, top, path)
        descriptor = os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
        try:
            return _read_open(descriptor, path)
        finally:
            os.close(descriptor)
    except OSError as error:
        return SourceFile(path, problem=f"cannot be read: {_reason(error)}")


def _read_link(entry: os.DirEntry[str], top: str, path: str) -> SourceFile:
    target = os.path.realpath(entry.path)
    if os.path.commonpath((top, target)) != top:
        return SourceFile(path, problem="is a link that leaves the repository", hint="commit the file itself")
    if os.path.isdir(target):
        return SourceFile(path, problem="is a link to a folder", hint="commit the files themselves")
    descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return _read_open(descriptor, path)
    finally:
        os.close(descriptor)


def _read_open(descriptor: int, path: str) -> SourceFile:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        return SourceFile(path, problem="is not a regular file")
    if status.st_size > MAX_BYTES:
        message = f"is {status.st_size / 1048576:.1f} MiB long, {MAX_BYTES // 1048576} MiB are read at most"
        return SourceFile(path, problem=message, hint="split the file, or give it another suffix if it is no manifest")
    chunks = []
    left = MAX_BYTES + 1
    while left > 0 and (chunk := os.read(descriptor, min(left, status.st_size + 1))):
        chunks.append(chunk)
        left -= len(chunk)
    return SourceFile(path, chunks[0] if len(chunks) == 1 else b"".join(chunks))


def _reason(error: OSError) -> str:
    return (error.strerror or "error").lower()
