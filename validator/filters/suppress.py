"""Suppression in the manifests: `# estate: ignore[rule, ...] reason`, the reason required, an unused one reported.

It holds for the findings of its own line; above or on the first line of a document it holds for the whole document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from validator.finding import Finding
from validator.model import Estate
from validator.read.documents import Document
from validator.rules import Rule, find

NEVER = "INT000"
MAX_NAMES = 100
"""Rules that one comment may name."""
_MARK = b"estate:"
_COMMENT = re.compile(r"(?:(?<=[ \t])|(?<![^\n]))#+[ \t]*estate:[ \t]*(\w+)(?:[ \t]*\[([^\]\n]*)\])?[ \t]*([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: the rules it names, its reason, and the lines it holds for (1-based, both included)."""

    path: str
    line: int
    column: int
    verb: str
    names: tuple[str, ...] | None
    reason: str
    first: int
    last: int

    def covers(self, finding: Finding) -> bool:
        """Return whether a finding stands where this holds."""
        return self.path == finding.path and self.first <= finding.line <= self.last and finding.rule != NEVER

    @property
    def valid(self) -> bool:
        """Return whether it may suppress anything: it names rules and gives a reason."""
        return self.verb == "ignore" and bool(self.names) and bool(self.reason)


def apply(estate: Estate, findings: list[Finding], ran: Callable[[Rule], bool]) -> tuple[list[Finding], int]:
    """Return the findings that stay, unused suppressions included, and how many were suppressed.

    `ran` says which rules ran: a suppression of one that did not is not called unused.
    """
    found = [one for one in read(estate) if one.valid]
    if not found:
        return findings, 0
    by_path: dict[str, list[Suppression]] = defaultdict(list)
    for one in found:
        by_path[one.path].append(one)
    used: set[tuple[Suppression, str]] = set()
    kept = []
    for finding in findings:
        hits = {(one, name) for one in by_path[finding.path] if one.covers(finding) for name in _matching(one, finding)}
        used |= hits
        if not hits:
            kept.append(finding)
    suppressed = len(findings) - len(kept)
    unused = find("unused-suppression")
    if unused is not None and ran(unused):
        kept.extend(finding for one in found for finding in _unused(one, unused, used, ran))
    return kept, suppressed


def _matching(one: Suppression, finding: Finding) -> list[str]:
    return [name for name in one.names or () if name.upper() == finding.rule or name.lower() == finding.name]


def _unused(
    one: Suppression, rule: Rule, used: set[tuple[Suppression, str]], ran: Callable[[Rule], bool]
) -> Iterator[Finding]:
    left = [name for name in one.names or () if (one, name) not in used and (known := find(name)) and ran(known)]
    if left:
        names = ", ".join(f"`{name}`" for name in left)
        message = f"nothing to ignore: {names} found nothing here; remove it"
        yield Finding(rule.id, rule.name, rule.severity, message, one.path, one.line, one.column)


def read(estate: Estate) -> Iterator[Suppression]:
    """Yield every suppression of a repository; only documents that hold the mark are looked at."""
    shared: dict[str, list[Document]] = defaultdict(list)
    for document in estate.documents if any(_MARK in one.data for one in estate.distinct) else ():
        if _MARK in document.data:
            shared[document.path].append(document)
    for documents in shared.values():
        seen: set[int] = set()
        for document in documents:
            if document.line_offset not in seen:
                seen.add(document.line_offset)
                yield from _comments([one for one in documents if one.line_offset == document.line_offset])


def _comments(documents: list[Document]) -> Iterator[Suppression]:
    """Yield the suppressions in one text, which holds one document or, where it could not be cut, several."""
    text = documents[0].data.decode("utf-8-sig")
    matches = list(_COMMENT.finditer(text))
    scalars = _scalars(text) if matches else []
    starts = [start for start, _ in scalars]
    offset = documents[0].line_offset
    for match in matches:
        before = bisect_right(starts, match.start()) - 1
        in_text = before >= 0 and scalars[before][1] > match.start()
        if in_text or (match[1] != "ignore" and match[2] is None):
            continue
        line = text.count("\n", 0, match.start()) + 1 + offset
        column = match.start() - text.rfind("\n", 0, match.start())
        first, last = _extent(documents, line, text.count("\n") + 1 + offset)
        names = None if match[2] is None else _names(match[2])
        yield Suppression(documents[0].path, line, column, match[1], names, match[3].strip(), first, last)


def _names(text: str) -> tuple[str, ...]:
    """Return the names of a list, each once, and no more of them than anybody means to write."""
    names = (name.strip() for name in text.split(","))
    return tuple(islice(dict.fromkeys(name for name in names if name), MAX_NAMES))


def _extent(documents: list[Document], line: int, end: int) -> tuple[int, int]:
    """Return the lines of the document whose head a comment stands in, else its own line."""
    for index, document in enumerate(documents):
        content, _ = document.tree.locate(())
        last = documents[index + 1].tree.first_line - 1 if index + 1 < len(documents) else end
        if line <= content:
            return min(line, document.tree.first_line), last
        if line <= last:
            break
    return line, line


def _scalars(text: str) -> list[tuple[int, int]]:
    """Return where the scalars of a text start and end: a `#` in one of them is no comment."""
    import yaml

    loader = getattr(yaml, "CLoader", yaml.SafeLoader)
    events: Any = yaml.parse(text, Loader=loader)
    scalars: list[Any] = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    return [(one.start_mark.index, one.end_mark.index) for one in scalars]
