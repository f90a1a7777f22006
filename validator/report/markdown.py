"""Markdown for a pull-request comment or a step summary."""

from __future__ import annotations

import re

from validator.finding import Finding, Severity
from validator.report.text import clean
from validator.runner import Report

LIMIT = 200
"""Findings shown; GitHub refuses comments of more than 65,536 characters."""
_MARKUP = re.compile(r"([\\*_{}\[\]()#+!|<>~@&-])")


def headline(report: Report) -> str:
    """Return the counts in one line."""
    counts = ", ".join(f"{report.count(s)} {s.value}" for s in Severity if report.count(s)) or "no findings"
    suppressed = f", {report.suppressed} suppressed" if report.suppressed else ""
    return f"{counts}{suppressed} in {report.scope}"


def render(report: Report) -> str:
    """Return a heading, a table of findings and the places they are related to."""
    lines = [f"### estate {report.verb}", "", headline(report), ""]
    if report.findings:
        lines += ["| place | severity | rule | finding |", "| --- | --- | --- | --- |"]
        lines += [_row(finding) for finding in report.findings[:LIMIT]]
        if len(report.findings) > LIMIT:
            lines += ["", f"{len(report.findings) - LIMIT} more findings are not shown."]
        lines.append("")
    return "\n".join(lines) + "\n"


def _row(finding: Finding) -> str:
    notes = "".join(f"<br>{_code(f'{r.path}:{r.line}:{r.column}')} {_text(r.message)}" for r in finding.related[:8])
    place = _code(f"{finding.path}:{finding.line}:{finding.column}")
    return f"| {place} | {finding.severity.value} | {finding.rule} {finding.name} | {_text(finding.message)}{notes} |"


def _code(text: str) -> str:
    return f"`{clean(text).replace('`', chr(39)).replace('|', '/')}`"


def _text(text: str) -> str:
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        return _MARKUP.sub(r"\\\1", clean(text))
    return "".join(_code(part) if index % 2 else _MARKUP.sub(r"\\\1", part) for index, part in enumerate(parts))
