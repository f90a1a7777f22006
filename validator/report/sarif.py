"""SARIF 2.1.0, as GitHub code scanning takes it: rules with help, related locations, fingerprints.

Source: OASIS SARIF 2.1.0; docs.github.com, SARIF support for code scanning.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from validator import __version__
from validator.finding import Finding, Severity
from validator.report import workspace
from validator.report.fingerprint import fingerprints
from validator.report.text import clean
from validator.rules import Rule, all_rules
from validator.runner import Report
from validator.verify.catalogue import CHECKS, Check

HOME = "https://github.com/gslb-estate/gslb-estate"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.UNVERIFIABLE: "warning",
}


def render(report: Report) -> str:
    """Return the log with one run; a clean run has an empty list of results."""
    used = {finding.rule for finding in report.findings}
    rules = [_rule(one, f"docs/rules/{one.id}.md") for one in all_rules() if one.id in used]
    rules += [_rule(CHECKS[id], "docs/verify.md") for id in sorted(used & CHECKS.keys())]
    known = {one["id"] for one in rules}
    rules += [_bare(finding) for finding in _first_of_each(report, used - known)]
    index = {one["id"]: number for number, one in enumerate(rules)}
    below = workspace.folder(report.root, workspace.GITHUB)
    results = [
        _result(finding, index[finding.rule], mark, below)
        for finding, mark in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    driver = {
        "name": "estate",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "the root of the repository"}}},
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(one: Rule | Check, page: str) -> dict[str, Any]:
    sections = one.sections
    text = "\n\n".join(f"{heading}:\n{body}" for heading, body in sections.items())
    markdown = "\n\n".join(
        f"**{heading}**\n\n" + (f"```yaml\n{body}\n```" if heading in {"Bad", "Good"} else body)
        for heading, body in sections.items()
    )
    return {
        "id": one.id,
        "name": "".join(part.capitalize() for part in one.name.split("-")),
        "shortDescription": {"text": one.summary},
        "fullDescription": {"text": sections.get("What it finds", one.summary)},
        "help": {"text": text, "markdown": markdown},
        "helpUri": f"{HOME}/blob/v{__version__}/{page}",
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
    }


def _bare(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "name": "".join(part.capitalize() for part in finding.name.split("-")),
        "shortDescription": {"text": finding.name},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _first_of_each(report: Report, ids: set[str]) -> list[Finding]:
    found: dict[str, Finding] = {}
    for finding in report.findings:
        if finding.rule in ids:
            found.setdefault(finding.rule, finding)
    return [found[id] for id in sorted(found)]


def _result(finding: Finding, index: int, mark: str, below: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": clean(finding.message)},
        "locations": [_location(below + finding.path, finding.line, finding.column)],
        "partialFingerprints": {"estate/v1": mark},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": clean(item.message)},
                **_location(below + item.path, item.line, item.column),
            }
            for number, item in enumerate(finding.related)
        ]
    return result


def _location(path: str, line: int, column: int) -> dict[str, Any]:
    artifact = {"uri": quote(path), "uriBaseId": "ROOT"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line, "startColumn": column}}}
