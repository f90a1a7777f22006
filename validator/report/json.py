"""The JSON report, as `schemas/report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from validator import __version__
from validator.finding import Finding, Severity
from validator.runner import Report


def render(report: Report) -> str:
    """Return the report; the same repository gives the same bytes."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "version": "1",
        "tool": {"name": "estate", "version": __version__},
        "summary": {
            "files": report.files,
            "documents": report.documents,
            **{severity.value: report.count(severity) for severity in Severity},
            "suppressed": report.suppressed,
            **_questions(report),
        },
        "findings": [_finding(finding) for finding in report.findings],
    }


def _questions(report: Report) -> dict[str, Any]:
    if report.questions is None:
        return {}
    asked, answered = report.questions
    return {"questions": {"asked": asked, "answered": answered}}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "site": finding.site,
        "cluster": finding.cluster,
        "related": [
            {"path": item.path, "line": item.line, "column": item.column, "message": item.message}
            for item in finding.related
        ],
    }
