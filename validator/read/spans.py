"""Where each value of a YAML text starts and ends, in characters: what an edit in place needs to know.

Built on the same events as the exact reader, so that both see the same documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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

from validator.read.exact import MAX_DEPTH, Pointer


@dataclass(slots=True)
class Span:
    """A value: its text is `text[start:end]`, of block collections up to the end of the last thing in them."""

    kind: str
    """`scalar`, `list`, `map`, or `alias` for what stands elsewhere."""
    start: int
    end: int
    style: str = ""
    """Of a scalar: empty for a plain one, a quotation mark, `|` or `>`; of a collection: `flow` or empty."""
    bare: bool = True
    """Whether it has neither an anchor nor a tag before it."""
    keys: dict[str, Span] = field(default_factory=dict)
    entries: dict[str | int, Span] = field(default_factory=dict)

    @property
    def flow(self) -> bool:
        return self.style == "flow"

    def at(self, pointer: Pointer) -> Span | None:
        """Return the span at `pointer`, None where nothing stands or it stands elsewhere, behind an alias or a merge."""
        found: Span | None = self
        for step in pointer:
            found = found.entries.get(step) if found is not None else None
        return found


def spans(text: str) -> list[Span]:
    """Return the root of every document that holds anything, as the exact reader counts them; raise YAMLError."""
    parser: Any = getattr(yaml, "CLoader", yaml.SafeLoader)(text)
    found = []
    while not isinstance(event := parser.get_event(), StreamEndEvent):
        if isinstance(event, DocumentStartEvent):
            event = parser.get_event()
            root = _span(parser, event, 0)
            if root.kind != "scalar" or root.style or root.start != root.end:
                found.append(root)
    return found


def _span(parser: Any, event: Any, depth: int) -> Span:
    if depth > MAX_DEPTH:
        raise yaml.YAMLError("nested too deep")
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, AliasEvent):
        return Span("alias", start, end)
    bare = event.anchor is None and event.tag is None
    if isinstance(event, ScalarEvent):
        return Span("scalar", start, end, event.style or "", bare)
    kind = "map" if isinstance(event, MappingStartEvent) else "list"
    span = Span(kind, start, end, "flow" if event.flow_style else "", bare)
    if isinstance(event, SequenceStartEvent):
        for number, item in enumerate(_until(parser, SequenceEndEvent, span)):
            span.entries[number] = _span(parser, item, depth + 1)
    else:
        for item in _until(parser, MappingEndEvent, span):
            key = _span(parser, item, depth + 1)
            value = _span(parser, parser.get_event(), depth + 1)
            if isinstance(item, ScalarEvent):
                span.keys[item.value] = key
                span.entries[item.value] = value
    if not span.flow:
        span.end = max((one.end for one in (*span.keys.values(), *span.entries.values())), default=span.end)
    return span


def _until(parser: Any, stop: type[Any], span: Span) -> Iterator[Any]:
    event: Any = parser.get_event()
    while not isinstance(event, stop):
        yield event
        event = parser.get_event()
    span.end = event.end_mark.index
