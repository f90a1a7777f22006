"""The exact YAML reader: Kubernetes' scalars, duplicate keys refused, bounds kept, a place for every pointer.

Built on libyaml's events (the Go reader is a port of libyaml, so the grammar is the same one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from validator.errors import InputError
from validator.read.scalars import resolve

MAX_DEPTH = 100
TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"
MAX_NODES = 1_000_000
"""Nodes of one document after aliases are expanded; a `kubectl get -o yaml` of a whole namespace stays below."""

Pointer: TypeAlias = "tuple[str | int, ...]"

_TAG = "tag:yaml.org,2002:"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Node:
    """A value with its place: `line` and `column` are 1-based, `size` counts nodes with aliases expanded."""

    value: Any
    line: int
    column: int
    size: int = 1
    plain: str | None = None
    keys: dict[str, Node] | None = None
    children: dict[str | int, Node] | None = None


@dataclass(slots=True)
class Tree:
    """One YAML document."""

    root: Node
    first_line: int

    @property
    def value(self) -> Any:
        return self.root.value

    def node(self, pointer: Pointer) -> Node:
        """Return the node at `pointer`, or its nearest existing parent."""
        node = self.root
        for step in pointer:
            child = (node.children or {}).get(step)
            if child is None:
                break
            node = child
        return node

    def locate(self, pointer: Pointer, *, key: bool = False) -> tuple[int, int]:
        """Return line and column (1-based) of the value at `pointer`, of its key with `key`."""
        if key and pointer:
            parent = self.node(pointer[:-1])
            found = (parent.keys or {}).get(str(pointer[-1]))
            if found is not None and (parent.children or {}).get(pointer[-1]) is not None:
                return found.line, found.column
        node = self.node(pointer)
        return node.line, node.column

    def plain_scalars(self) -> Iterator[tuple[Pointer, Node, bool]]:
        """Yield pointer, node and whether it is a key for every unquoted scalar, in document order."""
        stack: list[tuple[Pointer, Node]] = [((), self.root)]
        seen: set[int] = set()
        while stack:
            pointer, node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.plain is not None:
                yield pointer, node, False
            for name, key in (node.keys or {}).items():
                if key.plain is not None:
                    yield (*pointer, name), key, True
            stack.extend(reversed([((*pointer, step), child) for step, child in (node.children or {}).items()]))


def load_all(data: bytes, path: str, *, line_offset: int = 0) -> list[Tree]:
    """Read every document of `data`; raise InputError with the place of the first thing that is wrong."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 + line_offset
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise InputError("is not UTF-8 text", path=path, line=line, column=column) from None
    if match := _FORBIDDEN.search(text):
        line = text.count("\n", 0, match.start()) + 1 + line_offset
        column = match.start() - text.rfind("\n", 0, match.start())
        message = f"control character U+{ord(match[0]):04X} is not allowed in YAML"
        raise InputError(message, path=path, line=line, column=column)
    return list(_Composer(text, path, line_offset).documents())


def load_one(data: bytes, path: str) -> Tree | None:
    """Read a file that must hold at most one document; None when it holds none."""
    trees = load_all(data, path)
    if len(trees) > 1:
        line = trees[1].first_line
        raise InputError(f"holds {len(trees)} YAML documents, one is allowed", path=path, line=line, column=1)
    return trees[0] if trees else None


class _Composer:
    def __init__(self, text: str, path: str, line_offset: int) -> None:
        self._parser: Any = _parser(text)
        self._path = path
        self._offset = line_offset
        self._anchors: dict[Any, Node] = {}

    def documents(self) -> Iterator[Tree]:
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                self._anchors = {}
                mark: Any = event.start_mark
                start = mark.line + 1 + self._offset
                root = self._compose(self._next(), 0)
                if root.value is not None or root.plain:
                    yield Tree(root, start)

    def _next(self) -> Any:
        try:
            return self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            text = " ".join(part for part in (error.context, error.problem) if part)
            line = mark.line + 1 + self._offset if mark else None
            if "maximum nesting depth" in text:  # libyaml's own bound, which lies above ours
                raise InputError(TOO_DEEP, path=self._path, line=line, column=_column(mark)) from None
            raise InputError(f"is not YAML: {text}", path=self._path, line=line, column=_column(mark)) from None
        except yaml.reader.ReaderError as error:
            raise InputError(f"is not YAML: {error.reason}", path=self._path, line=1 + self._offset, column=1) from None

    def _error(self, message: str, event: Any, hint: str | None = None) -> InputError:
        mark = event.start_mark
        place = {"line": mark.line + 1 + self._offset, "column": mark.column + 1}
        return InputError(message, path=self._path, hint=hint, **place)

    def _compose(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._error(TOO_DEEP, event)
        if isinstance(event, AliasEvent):
            node = self._anchors.get(event.anchor)
            if node is None:
                raise self._error(f"alias `*{event.anchor}` has no anchor before it", event)
            return node
        mark = event.start_mark
        node = Node(None, mark.line + 1 + self._offset, mark.column + 1)
        if isinstance(event, ScalarEvent):
            self._scalar(node, event)
        elif isinstance(event, SequenceStartEvent):
            self._sequence(node, depth)
        elif isinstance(event, MappingStartEvent):
            self._mapping(node, depth)
        if node.size > MAX_NODES:
            raise self._error(f"has more than {MAX_NODES} nodes once its aliases are expanded", event)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, node: Node, event: Any) -> None:
        text, tag = event.value, event.tag
        if tag is None and not event.style:
            node.plain, node.value = text, resolve(text)
        elif tag in (_TAG + "int", _TAG + "float", _TAG + "bool", _TAG + "null"):
            node.value = resolve(text)
        else:
            node.value = text

    def _sequence(self, node: Node, depth: int) -> None:
        items: list[Any] = []
        children: dict[str | int, Node] = {}
        while not isinstance(event := self._next(), SequenceEndEvent):
            child = self._compose(event, depth + 1)
            children[len(items)] = child
            items.append(child.value)
            node.size += child.size
        node.value, node.children = items, children

    def _mapping(self, node: Node, depth: int) -> None:
        mapping: dict[str, Any] = {}
        keys: dict[str, Node] = {}
        children: dict[str | int, Node] = {}
        merges: list[tuple[Any, Node]] = []
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._compose(event, depth + 1)
            start = self._next()
            child = self._compose(start, depth + 1)
            node.size += key.size + child.size
            if key.plain == "<<":
                merges.append((start, child))
                continue
            name = self._key(key, event)
            if name in mapping:
                first = keys[name]
                raise self._error(
                    f"key `{name}` is given twice, first at line {first.line}", event, "remove one of them"
                )
            mapping[name], keys[name], children[name] = child.value, key, child
        for start, source in merges:
            self._merge(start, source, mapping, keys, children)
        node.value, node.keys, node.children = mapping, keys, children

    def _key(self, key: Node, event: Any) -> str:
        value = key.value
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return f"{value:g}"
        raise self._error("a key must be a string, a number or a boolean", event)

    def _merge(
        self, event: Any, source: Node, mapping: dict[str, Any], keys: dict[str, Node], children: dict[str | int, Node]
    ) -> None:
        sources = list((source.children or {}).values()) if isinstance(source.value, list) else [source]
        for item in sources:
            if not isinstance(item.value, dict):
                raise self._error("a merge key `<<` takes a mapping or a list of mappings", event)
            for name, value in item.value.items():
                if name not in mapping:
                    mapping[name] = value
                    keys[name] = (item.keys or {})[name]
                    children[name] = (item.children or {})[name]


def _parser(text: str) -> Any:
    parser = getattr(yaml, "CLoader", yaml.SafeLoader)
    return parser(text)


def _column(mark: Any) -> int | None:
    return mark.column + 1 if mark else None
