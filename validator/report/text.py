"""The text report: `path:line:col: severity ID name: message`, the line with a caret, then notes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from validator.finding import Finding, Severity
from validator.runner import Report

_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;34m",
    Severity.UNVERIFIABLE: "\x1b[1;35m",
}
_WIDTH = 160
_SECRET_LINE = ("password", "token", "secret", "key:", "credential", "authtoken", "-data")


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report, findings first, the summary in the last line."""
    lines: list[str] = []
    sources = {path: data.decode(errors="replace").splitlines() for path, data in report.sources.items()}
    for finding in report.findings:
        lines.extend(_lines(finding, sources, colour))
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def _lines(finding: Finding, sources: dict[str, list[str]], colour: bool) -> Iterator[str]:
    severity = finding.severity.value
    if colour:
        severity = f"{_COLOURS[finding.severity]}{severity}\x1b[0m"
    place = f"{clean(finding.path)}:{finding.line}:{finding.column}"
    yield f"{place}: {severity} {finding.rule} {finding.name}: {clean(finding.message)}"
    yield from _snippet(finding.path, finding.line, finding.column, sources)
    for item in finding.related:
        yield f"  note: {clean(item.path)}:{item.line}:{item.column}: {clean(item.message)}"


def _snippet(path: str, line: int, column: int, sources: dict[str, list[str]]) -> Iterator[str]:
    text = sources.get(path, [])
    if not 1 <= line <= len(text):
        return
    shown = clean(text[line - 1]).rstrip()
    if not shown or any(word in shown.lower() for word in _SECRET_LINE):
        return
    if len(shown) > _WIDTH:
        return
    number = str(line)
    yield f"  {number} | {shown}"
    yield f"  {' ' * len(number)} | {' ' * (column - 1)}^"


def _summary(report: Report) -> str:
    counts = ", ".join(f"{report.count(s)} {s.value}" for s in Severity if report.count(s))
    suppressed = f", {report.suppressed} suppressed" if report.suppressed else ""
    return f"{counts or 'no findings'}{suppressed} in {report.scope}"


def clean(text: str) -> str:
    """Return text from a repository with everything that a terminal could act on made visible."""
    return "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else _visible(c) for c in text)


def _visible(character: str) -> str:
    return " " if character in "\t\u00a0" else f"\\u{ord(character):04x}"
