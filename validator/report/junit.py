"""JUnit XML: one test suite per file, one failing test case per finding, all names unique."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from validator.finding import Finding, Severity
from validator.report.text import clean
from validator.runner import Report


def render(report: Report) -> str:
    """Return the suites; a clean run has one passing case, so that no reader takes it for a run without tests."""
    failed = sum(finding.severity is not Severity.INFO for finding in report.findings)
    total = max(len(report.findings), 1)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="estate" tests="{total}" failures="{failed}" errors="0">')
    if not report.findings:
        lines.append('  <testsuite name="estate" tests="1" failures="0" errors="0">')
        lines.append('    <testcase classname="estate" name="no findings"/>\n  </testsuite>')
    seen: Counter[str] = Counter()
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        findings = list(group)
        failures = sum(finding.severity is not Severity.INFO for finding in findings)
        lines.append(f'  <testsuite name={_attribute(path)} tests="{len(findings)}" failures="{failures}" errors="0">')
        lines.extend(_case(finding, seen) for finding in findings)
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _case(finding: Finding, seen: Counter[str]) -> str:
    name = f"{finding.rule} {finding.name} {finding.path}:{finding.line}:{finding.column}"
    seen[name] += 1
    if seen[name] > 1:
        name += f" (#{seen[name]})"
    head = f"    <testcase classname={_attribute(finding.path)} name={_attribute(name)}"
    text = "\n".join(
        [clean(finding.message), *(clean(f"{r.path}:{r.line}:{r.column}: {r.message}") for r in finding.related)]
    )
    if finding.severity is Severity.INFO:
        return f"{head}>\n      <system-out>{escape(text)}</system-out>\n    </testcase>"
    kind = _attribute(finding.severity.value)
    message = _attribute(finding.message)
    return f"{head}>\n      <failure type={kind} message={message}>{escape(text)}</failure>\n    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(clean(text))
