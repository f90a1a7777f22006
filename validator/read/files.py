"""Walk a repository and read its YAML files, within bounds and never out of the root."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 8 * 1024 * 1024
MAX_FILES = 400_000
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
"""Beside every hidden folder: none of them is a sync path."""
SUFFIXES = (".yaml", ".yml")
CHART = "Chart.yaml"
"""The file that makes a folder a Helm chart."""
NAMES = frozenset({"Kustomization"})
"""Files that are YAML without a suffix: kustomize reads one of this name too."""
GSLB_DATA = "avi/gslb.json"
"""JSON is YAML, but of all JSON this alone is read: GSLB on the Avi controllers, at the root or below another folder."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_NOT_A_LINK = _FLAGS | getattr(os, "O_NOFOLLOW", 0)
_SMALL = 65536
"""Bytes that one call reads: most files are shorter, and then nobody needs to ask how long they are."""


@dataclass(slots=True)
class SourceFile:
    """One YAML file; `path` is POSIX and relative to the root. `problem` says why there is no `data`.

    A file of the disk has neither before it is loaded: whoever needs them loads it, in whichever process that is.
    """

    path: str
    data: bytes = b""
    problem: str | None = None
    hint: str | None = None
    place: Place | None = None
    """Where the file lies; None once it is loaded, or where it comes from elsewhere."""

    def load(self) -> None:
        """Read the file, unless that is done; `data` or `problem` tells what came of it."""
        if self.place is not None:
            place, self.place = self.place, None
            _load(self, place)


class Place(NamedTuple):
    """A file of the disk, and the folder that no link may lead out of."""

    location: str
    top: str
    is_regular: bool
    """Whether it is neither a link nor a pipe or the like."""


def is_yaml(path: str) -> bool:
    """Return whether a file is read as YAML, by its path."""
    return path.endswith(SUFFIXES) or path.rpartition("/")[2] in NAMES or f"/{path}".endswith(f"/{GSLB_DATA}")


class Folder(NamedTuple):
    """A folder that is still to be walked: where it lies, and the start of the paths of what is in it."""

    location: str
    prefix: str


def yaml_files(root: Path, wanted: Callable[[str], bool] = is_yaml) -> Iterator[SourceFile]:
    """Yield every YAML file below `root`, sorted by path, none of them loaded; links to folders are not entered.

    `wanted` says by the path which files are yielded beside those with a suffix of YAML.
    """
    top = os.path.realpath(root)
    count = 0
    for file in walk(Folder(top, ""), top, wanted):
        count += file.place is not None
        if count > MAX_FILES:
            yield SourceFile(file.path, problem=f"is past the {MAX_FILES} files that one run reads")
            return
        yield file


def walk(start: Folder, top: str, wanted: Callable[[str], bool]) -> Iterator[SourceFile]:
    """Yield the files of a folder, sorted, and after them those of the folders in it, however many there are."""
    pending = [start]
    while pending:
        files, folders = listing(pending.pop(), top, wanted)
        yield from files
        pending.extend(reversed(folders))


def listing(folder: Folder, top: str, wanted: Callable[[str], bool]) -> tuple[list[SourceFile], list[Folder]]:
    """Return the files and the folders of a folder; one that cannot be listed is a file with a problem."""
    location, prefix = folder
    try:
        with os.scandir(location) as entries:
            found = list(entries)
    except OSError as error:
        path = readable(prefix.rstrip("/")) or "."
        return [SourceFile(path, problem=f"folder cannot be read: {_reason(error)}")], []
    if len(found) > 1:
        found.sort(key=attrgetter("name"))
    files: list[SourceFile] = []
    folders: list[Folder] = []
    for entry in found:
        name = entry.name
        if entry.is_dir(follow_symlinks=False):
            if name[0] != "." and name not in SKIPPED_FOLDERS:
                folders.append(Folder(entry.path, f"{prefix}{name}/"))
        elif name.endswith(SUFFIXES) or wanted(prefix + name):
            place = Place(entry.path, top, entry.is_file(follow_symlinks=False))
            files.append(SourceFile(readable(prefix + name), place=place))
            if len(files) > MAX_FILES:
                break  # nobody reads more
    return files, folders


def readable(path: str) -> str:
    """Return a path as text that any report can hold: bytes that are no UTF-8 are written out."""
    return path if path.isascii() else os.fsencode(path).decode(errors="backslashreplace")


def charts_in(paths: Iterable[str]) -> frozenset[str]:
    """Return the folders that are Helm charts."""
    return frozenset(path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] == CHART)


def without_templates(files: Iterable[SourceFile], known: frozenset[str] = frozenset()) -> Iterator[SourceFile]:
    """Drop the templates of Helm charts, unless they are plain manifests.

    A folder's own files come before those below; `known` are charts whose own files do not come at all.
    """
    charts = set(known)
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if name == CHART:
            charts.add(folder)
        elif charts and "templates" in folder and _is_template(folder, charts):
            file.load()
            if b"{{" in file.data:
                continue
        yield file


def _is_template(folder: str, charts: set[str]) -> bool:
    parts = folder.split("/")
    return any(part == "templates" and "/".join(parts[:index]) in charts for index, part in enumerate(parts))


def _load(file: SourceFile, place: Place) -> None:
    try:
        if not place.is_regular and stat.S_ISLNK(os.lstat(place.location).st_mode):
            _load_link(file, place)
            return
        descriptor = os.open(place.location, _NOT_A_LINK)
        try:
            start = os.read(descriptor, _SMALL) if place.is_regular else b""
            if 0 < len(start) < _SMALL:
                file.data = start
            else:
                _load_open(file, descriptor, start)
        finally:
            os.close(descriptor)
    except OSError as error:
        file.problem = f"cannot be read: {_reason(error)}"


def _load_link(file: SourceFile, place: Place) -> None:
    target = os.path.realpath(place.location)
    if os.path.commonpath((place.top, target)) != place.top:
        file.problem, file.hint = "is a link that leaves the repository", "commit the file itself"
        return
    if os.path.isdir(target):
        file.problem, file.hint = "is a link to a folder", "commit the files themselves"
        return
    descriptor = os.open(target, _FLAGS)
    try:
        _load_open(file, descriptor)
    finally:
        os.close(descriptor)


def _load_open(file: SourceFile, descriptor: int, start: bytes = b"") -> None:
    """Read a file that is open, of which `start` was read already."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        file.problem = "is not a regular file"
        return
    size = status.st_size
    if size > MAX_BYTES:
        file.problem = f"is {size / 1048576:.1f} MiB long, {MAX_BYTES // 1048576} MiB are read at most"
        file.hint = "split the file, or give it another suffix if it is no manifest"
        return
    chunks = [start]
    left = MAX_BYTES + 1 - len(start)
    while left > 0 and (chunk := os.read(descriptor, min(left, size + 1))):
        chunks.append(chunk)
        left -= len(chunk)
    file.data = b"".join(chunks)


def _reason(error: OSError) -> str:
    return (error.strerror or "error").lower()
