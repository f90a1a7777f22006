"""Documents of a repository: their values at once, their lines and columns only when someone asks."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from validator.errors import InputError
from validator.parallel import spread
from validator.read import exact, fast, plainjson
from validator.read.exact import Pointer, Tree
from validator.read.files import SourceFile

if TYPE_CHECKING:
    from validator.read.manifest import Manifest

_CONFLICT = re.compile(rb"^<{7}(?: .*)?$(?=[\s\S]*?^={7}\r?$)", re.MULTILINE)
_TEMPLATE = re.compile(
    rb"\{\{.*\}\}|\{%.*%\}|<%.*%>|</?[#@]\w+.*>|%\{.*\}|\[\[ .* \]\]|@@\w+@@|\$\{[a-z]\w*\.[a-z]|\(@=?.*@\)|#@ |<[A-Z][A-Z0-9]*_[A-Z0-9_]+>"
)
"""Marks of template engines: Go, Jinja, ERB, FreeMarker, Terraform, ytt, and names that a script puts in."""
_COMMENTS = re.compile(rb"(?: *(?:#[^\n]*)?\n)*")
_BOUNDARY = re.compile(rb"^---(?=[ \n]|$)", re.MULTILINE)
WORTH_A_FORK = 1200
"""Files from which on a second process pays."""

BATCH = 100
"""Files that one process takes at once: enough that to take them costs nothing, few enough that both end together."""

Row: TypeAlias = tuple[str, int, int, bytes, Any, bool, bool]
"""A document as it goes from one process to another: the fields of `Document` in their order, of plain types only."""
Told: TypeAlias = tuple[str, int, int, str, str | None, str]
"""What could not be read, as it goes from one process to another: the fields of `Unreadable` in their order."""
Cache: TypeAlias = dict[bytes, tuple[bytes, Any, bool]]
"""What was read already, by its text: a repository of many clusters says most things many times."""


@dataclass(slots=True, eq=False)
class Document:
    """One YAML document of a file; `value` is shared and must not be changed."""

    path: str
    index: int
    line_offset: int
    data: bytes
    value: Any
    ambiguous: bool = False
    """Whether its text holds anything that YAML readers read in different ways."""
    whole: bool = False
    """Whether `data` is the whole file, in which this is document `index`."""
    _tree: Tree | None = field(default=None, repr=False)
    models: tuple[Manifest, ...] | None = field(default=None, repr=False)
    """The objects in it as they were first asked for (`validator.read.kustomize.manifests`)."""
    kind: str = field(init=False)
    api_version: str = field(init=False)
    group: str = field(init=False)
    """API group, empty for the core group."""

    def __post_init__(self) -> None:
        """Take out what every rule asks for; anything that is no string counts as absent."""
        value = self.value
        found = value if isinstance(value, dict) else {}
        kind, version = found.get("kind"), found.get("apiVersion")
        self.kind = kind if isinstance(kind, str) else ""
        self.api_version = version if isinstance(version, str) else ""
        self.group = self.api_version.rpartition("/")[0]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the name of the document alone: what a finding carries from one process to another."""
        return Document, (self.path, self.index, self.line_offset, b"", None)

    @property
    def tree(self) -> Tree:
        """Read the document again with places; raises nothing, as the value was read from the same text."""
        if self._tree is None:
            trees = exact.load_all(self.data, self.path, line_offset=self.line_offset)
            number = self.index if self.whole else 0
            self._tree = trees[number] if number < len(trees) else Tree(exact.Node(None, 1, 1), 1)
        return self._tree

    def text(self, key: str) -> str:
        """Return a string of the top level, empty where there is none."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def templated(self) -> bool:
        """Return whether ytt fills in what is missing here."""
        return b"#@ " in self.data

    def metadata(self, key: str) -> str:
        """Return a string of `metadata`, empty where there is none."""
        found = self.value.get("metadata") if isinstance(self.value, dict) else None
        text = found.get(key) if isinstance(found, dict) else None
        return text if isinstance(text, str) else ""

    @property
    def name(self) -> str:
        return self.metadata("name")

    @property
    def subject(self) -> str:
        """Name the object as `Kind namespace/name`."""
        namespace = self.metadata("namespace")
        return f"{self.kind} {namespace + '/' if namespace else ''}{self.name}".strip()

    def ref(self, *pointer: str | int, key: bool = False) -> Ref:
        return Ref(self, pointer, key)


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in a document, resolved to a line and a column only when it is reported."""

    document: Document
    pointer: Pointer = ()
    key: bool = False
    inside: Pointer | None = None
    """For text at `pointer` that is a YAML document of its own: the place in it."""

    def locate(self) -> tuple[int, int]:
        """Return line and column, 1-based."""
        if self.inside is not None:
            from validator.read import inside

            return inside.locate(self.document, self.pointer, self.inside, key=self.key)
        return self.document.tree.locate(self.pointer, key=self.key)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be read, and why."""

    path: str
    line: int
    column: int
    message: str
    hint: str | None = None
    cause: str = "file"
    """`file` (no text at all), `yaml`, `duplicate-key`, `conflict`, or `template` for what a template engine reads first."""


def read_documents(
    files: Iterable[SourceFile], meanwhile: Callable[[], object] = lambda: None
) -> tuple[list[Document], list[Unreadable]]:
    """Read all documents in file order; what cannot be read is told, and never hides the rest.

    `meanwhile` may be called: it is work for this process while another one begins to read.
    """
    listed = list(files)
    batches = [listed[start : start + BATCH] for start in range(0, len(listed), BATCH)]
    cache: Cache = {}
    # marshal carries plain values many times as fast as pickle, and nothing else; both ends are the same interpreter.
    found = spread(
        lambda batch: _read_batch(batch, cache),
        batches,
        pays=len(listed) >= WORTH_A_FORK,
        first=meanwhile,
        dumps=marshal.dumps,
        loads=marshal.loads,
    )
    documents = [Document(*row) for rows, _ in found for row in rows]
    return documents, [Unreadable(*told) for _, problems in found for told in problems]


def _read_batch(files: Sequence[SourceFile], cache: Cache) -> tuple[list[Row], list[Told]]:
    rows: list[Row] = []
    told: list[Told] = []
    for file in files:
        file.load()
        if file.problem:
            told.append((file.path, 1, 1, file.problem, file.hint, "file"))
            continue
        try:
            rows.extend(_rows(file, cache))
        except InputError as error:
            told.append(_broken(file, error))
    return rows, told


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
            known = cache[piece] = (piece, *loaded)
        if known[1] is not None:
            found.append((file.path, len(found), offset, *known, False))
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
    trees = exact.load_all(data, path)
    return trees[0].value if trees else None


def _exact_rows(file: SourceFile) -> list[Row]:
    """Read a file whose documents cannot be cut apart at `---` lines, such as one with directives."""
    trees = exact.load_all(file.data, file.path)
    return [(file.path, index, 0, file.data, tree.value, True, True) for index, tree in enumerate(trees)]
