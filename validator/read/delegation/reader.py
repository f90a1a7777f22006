"""Read the files of a delegation into documents, with a place for each entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from validator.errors import InputError
from validator.read.delegation import form
from validator.read.delegation.entry import Entry, Word
from validator.read.documents import Document, Unreadable
from validator.read.exact import Node, Tree
from validator.read.files import SourceFile

MAX_BYTES = 512 * 1024
MAX_ENTRIES = 10_000
"""A zone with more records is no fragment, and is not looked into."""
CAUSE = "dns"
"""What `Unreadable.cause` says of these files."""
Reader = Callable[[str, str], Iterator[Entry]]
_ZONE_NAME = re.compile(r"(?:.*/)?(?:db\.)?(.*?)(?:\.delegation)?(?:\.zone|\.db)?")


def read(files: Iterable[SourceFile]) -> tuple[list[Document], list[Unreadable]]:
    """Read files into documents; what cannot be read is told, and never hides the rest."""
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    for file in files:
        if file.problem or len(file.data) > MAX_BYTES:
            message = file.problem or f"is longer than {MAX_BYTES // 1024} KiB, the most that is read of a DNS file"
            unreadable.append(Unreadable(file.path, 1, 1, message, file.hint, CAUSE))
            continue
        try:
            documents.append(_document(file))
        except InputError as error:
            place = error.line or 1, error.column or 1
            unreadable.append(Unreadable(file.path, *place, error.message, error.hint, CAUSE))
    return documents, unreadable


def _document(file: SourceFile) -> Document:
    try:
        text = file.data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError("is no UTF-8 text") from None
    reader = _reader(file.path)
    entries: list[Entry] = []
    size = 0
    for entry in reader(text, _zone_name(file.path)):
        size += max(len(entry.targets), 1)
        if size > MAX_ENTRIES:
            raise InputError(f"holds more than {MAX_ENTRIES} records, the most that is read of a DNS file")
        entries.append(entry)
    tree = Tree(_list([_node(entry) for entry in entries], 1, 1), 1)
    return Document(file.path, 0, 0, file.data, tree.value, _tree=tree)


def _node(entry: Entry) -> Node:
    name = entry.name
    children: dict[str | int, Node] = {
        "name": _leaf(name),
        "type": Node(entry.type, name.line, name.column),
        "ttl": Node(entry.ttl, name.line, name.column),
        "targets": _list([_leaf(word) for word in entry.targets], name.line, name.column),
    }
    value = {str(key): node.value for key, node in children.items()}
    return Node(value, name.line, name.column, children=children)


def _list(nodes: list[Node], line: int, column: int) -> Node:
    return Node([node.value for node in nodes], line, column, children=dict(enumerate(nodes)))


def _leaf(word: Word) -> Node:
    return Node(word.text, word.line, word.column)


def _zone_name(path: str) -> str:
    match = _ZONE_NAME.fullmatch(path)
    return match[1].lower() if match else ""


def _reader(path: str) -> Reader:
    module, _, function = str(form(path)).partition(":")
    found: Reader = getattr(import_module(f"{__package__}.{module}"), function)
    return found
