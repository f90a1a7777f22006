"""Documents of a repository: their values at once, their lines and columns only when someone asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from validator.read import exact
from validator.read.exact import Pointer, Tree

if TYPE_CHECKING:
    from validator.read.manifest import Manifest


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


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
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
