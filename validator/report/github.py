"""GitHub annotations (workflow commands), and the step summary where the runner asks for one.

Source: docs.github.com, Workflow commands for GitHub Actions.
"""

from __future__ import annotations

import os

from validator.finding import Finding, Severity
from validator.report import markdown, workspace
from validator.report.text import clean
from validator.runner import Report

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.UNVERIFIABLE: "warning",
}


def render(report: Report) -> str:
    """Return one annotation per finding and a summary line."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(markdown.render(report))
    below = workspace.folder(report.root, workspace.GITHUB)
    lines = [_line(finding, below) for finding in report.findings]
    return "".join(f"{line}\n" for line in [*lines, f"estate: {markdown.headline(report)}"])


def _line(finding: Finding, below: str) -> str:
    place = f"file={_property(below + finding.path)},line={finding.line},col={finding.column}"
    title = _property(f"{finding.rule} {finding.name}")
    notes = "".join(f"\n{below}{item.path}:{item.line}:{item.column}: {item.message}" for item in finding.related)
    return f"::{_COMMANDS[finding.severity]} {place},title={title}::{_data(finding.message + notes)}"


def _data(text: str) -> str:
    text = "\n".join(clean(line) for line in text.replace("\r", "").split("\n"))
    return text.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
