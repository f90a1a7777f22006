"""Read a repository, or files from elsewhere: a second process reads as well where that pays."""

from __future__ import annotations

import fnmatch
import marshal
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from validator.parallel import MOST, Shared
from validator.read import files as tree
from validator.read.files import SUFFIXES, Folder, SourceFile, charts_in, without_templates
from validator.read.rows import Cache, Read, Row, Told, rows_of
from validator.read.texts import is_read, is_text

if TYPE_CHECKING:
    from validator.read.documents import Document, Unreadable

WORTH_A_FORK = 1200
"""Files from which on a second process pays."""
MANY_FOLDERS = 64
"""Folders of one depth from which on a second process pays, whatever is in them."""
BATCH = 100
"""Files that one process takes at once: enough that to take them costs nothing, few enough that both end together."""

Piece: TypeAlias = "list[SourceFile | Folder]"
Text: TypeAlias = tuple[str, bytes, str | None, str | None]
"""A file that is no YAML: the fields of `SourceFile` in their order."""
Found: TypeAlias = tuple[list[Row], list[Told], list[Text], int]
"""Documents, what cannot be read, other texts, and the number of files that were seen."""
Kept: TypeAlias = "tuple[list[Document], list[Told], list[Text], int]"


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in the files of a repository."""

    documents: list[Document]
    unreadable: list[Unreadable] = field(default_factory=list)
    texts: list[SourceFile] = field(default_factory=list)
    """Files that are no YAML, and that rules look into."""


class Reading:
    """A repository while it is read: a child begins at once, this process takes its part when it wants the contents."""

    def __init__(self, root: Path, exclude: tuple[str, ...] = (), texts: Mapping[str, bytes] | None = None) -> None:
        """Begin; `exclude` are shell patterns of paths, `texts` stand in for files by their paths."""
        self._root = root
        self._top = os.path.realpath(root)
        self._chosen = _chooser(exclude, texts or {})
        self._seen = 0
        self._cache: Cache = {}
        entries, pays = _entries(self._top)
        self._charts = charts_in(entry.path for entry in entries if isinstance(entry, SourceFile))
        self._work = _shared(self._read, _pieces(entries), self._cache, pays=pays)

    def contents(self) -> Contents:
        """Return what stands in the files, in their order; what cannot be read is told, and never hides the rest."""
        try:
            found = self._work.results()
        except _TooManyError:
            found = None
        if found is None or sum(count for *_, count in found) > tree.MAX_FILES:
            return contents_of(self._chosen(tree.yaml_files(self._root, is_read)))
        return _contents(found)

    def end(self) -> None:
        """Stop reading, whether anybody waited for it or not."""
        self._work.end()

    def _read(self, piece: Piece) -> Found:
        before = self._seen
        files = without_templates(self._chosen(self._counted(piece)), self._charts)
        rows, told, texts = _read(files, self._cache)
        return rows, told, texts, self._seen - before

    def _counted(self, piece: Piece) -> Iterator[SourceFile]:
        """Yield the files of a piece, until this process has seen more than a run reads."""
        for entry in piece:
            for file in (entry,) if isinstance(entry, SourceFile) else tree.walk(entry, self._top, is_read):
                self._seen += 1
                if self._seen > tree.MAX_FILES:
                    raise _TooManyError
                yield file


class _TooManyError(Exception):
    """There are more files than one run reads, so that they must be taken in turn."""


def contents_of(files: Iterable[SourceFile], exclude: tuple[str, ...] = ()) -> Contents:
    """Read files, wherever they come from, in their order."""
    listed: Piece = [*without_templates(_chooser(exclude, {})(files))]
    cache: Cache = {}
    pays = len(listed) >= WORTH_A_FORK
    work = _shared(lambda piece: (*_read(piece, cache), len(piece)), _pieces(listed), cache, pays=pays)
    return _contents(work.results())


def _shared(work: Callable[[Any], Found], pieces: list[Any], cache: Cache, *, pays: bool) -> Shared[Any, Found, Kept]:
    parcels = _Parcels(cache)
    return Shared(work, pieces, _documents, pays=pays, pack=parcels.pack, unpack=parcels.unpack)


class _Parcels:
    """What is found, on its way from one process to another: each text but once, and both ends keep count of them.

    marshal carries plain values many times as fast as pickle, and nothing else; both ends are the same interpreter.
    """

    def __init__(self, cache: Cache) -> None:
        """Begin with what was read already at the end where parcels arrive: what is known there is not kept twice."""
        self._cache = cache
        self._texts: list[Read] = []
        self._numbers: dict[int, int] = {}

    def pack(self, found: Found) -> bytes:
        rows, told, texts, count = found
        start = len(self._texts)
        numbered = [(path, index, offset, self._number(read)) for path, index, offset, read in rows]
        return marshal.dumps((self._texts[start:], numbered, told, texts, count))

    def _number(self, read: Read) -> int:
        number = self._numbers.get(id(read))
        if number is None:
            number = self._numbers[id(read)] = len(self._texts)
            self._texts.append(read)
        return number

    def unpack(self, data: bytes) -> Found:
        new, numbered, told, texts, count = marshal.loads(data)  # noqa: S302  # written by our own child
        self._texts += [read if read[3] else self._cache.setdefault(read[0], read) for read in new]
        rows = [(path, index, offset, self._texts[number]) for path, index, offset, number in numbered]
        return rows, told, texts, count


def _documents(found: Found) -> Kept:
    from validator.read.documents import Document

    rows, told, texts, count = found
    return [Document(path, index, offset, *read) for path, index, offset, read in rows], told, texts, count


def _contents(found: list[Kept]) -> Contents:
    from validator.read.documents import Unreadable

    return Contents(
        [document for documents, *_ in found for document in documents],
        [Unreadable(*one) for _, told, *_ in found for one in told],
        [SourceFile(*text) for *_, texts, _ in found for text in texts],
    )


def _read(files: Iterable[SourceFile], cache: Cache) -> tuple[list[Row], list[Told], list[Text]]:
    rows: list[Row] = []
    told: list[Told] = []
    texts: list[Text] = []
    for file in files:
        file.load()
        if not file.path.endswith(SUFFIXES) and is_text(file.path):
            texts.append((file.path, file.data, file.problem, file.hint))
            continue
        found, problem = rows_of(file, cache)
        rows.extend(found)
        if problem is not None:
            told.append(problem)
    return rows, told, texts


def _chooser(
    exclude: tuple[str, ...], texts: Mapping[str, bytes]
) -> Callable[[Iterable[SourceFile]], Iterable[SourceFile]]:
    """Return what drops the files that are excluded, and puts other texts into some."""
    unwanted = re.compile("|".join(fnmatch.translate(pattern) for pattern in exclude)) if exclude else None

    def chosen(files: Iterable[SourceFile]) -> Iterable[SourceFile]:
        if unwanted is not None:
            files = (file for file in files if not unwanted.match(file.path))
        if texts:
            files = (SourceFile(file.path, texts[file.path]) if file.path in texts else file for file in files)
        return files

    return chosen


def _entries(top: str) -> tuple[Piece, bool]:
    """List a repository until there are many folders of one depth; return whether a second process pays."""
    found: Piece = [Folder(top, "")]
    folders = 1
    while 0 < folders < MANY_FOLDERS:
        entries = found
        found, folders = [], 0
        for entry in entries:
            if isinstance(entry, SourceFile):
                found.append(entry)
                continue
            here, below = tree.listing(entry, top, is_read)
            found += here
            found += below
            folders += len(below)
    files = len(found) - folders
    return found, folders >= MANY_FOLDERS or files >= WORTH_A_FORK


def _pieces(entries: Piece) -> list[Piece]:
    """Cut a list so that what one process takes at once is a folder, or so many files."""
    pieces: list[Piece] = []
    files: list[SourceFile | Folder] = []
    for entry in entries:
        if isinstance(entry, SourceFile):
            if not files or len(files) >= BATCH:
                files = []
                pieces.append(files)
            files.append(entry)
        else:
            pieces.append([entry])
            files = []
    size = 1 + len(pieces) // MOST
    return [list(chain(*pieces[start : start + size])) for start in range(0, len(pieces), size)]
