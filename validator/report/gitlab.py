"""GitLab code quality (a subset of Code Climate). Source: docs.gitlab.com, Code Quality report format."""

from __future__ import annotations

import json

from validator.finding import Severity
from validator.report import workspace
from validator.report.fingerprint import fingerprints
from validator.runner import Report

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
    Severity.UNVERIFIABLE: "minor",
}


def render(report: Report) -> str:
    """Return the list of issues; each has a fingerprint of its own that does not depend on its line."""
    below = workspace.folder(report.root, workspace.GITLAB)
    issues = [
        {
            "description": f"{finding.rule} {finding.name}: {finding.message}",
            "check_name": finding.rule,
            "fingerprint": mark,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": below + finding.path, "lines": {"begin": finding.line}},
        }
        for finding, mark in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
