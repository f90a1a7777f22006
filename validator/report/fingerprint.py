"""Fingerprints: the identity of a finding across commits, without its line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from validator.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return one hexadecimal mark for each finding, unique within a report: rule, path, object, message, count."""
    seen: Counter[str] = Counter()
    marks = []
    for finding in findings:
        text = f"{finding.rule}\0{finding.path}\0{finding.subject}\0{finding.message}"
        seen[text] += 1
        marks.append(hashlib.sha256(f"{text}\0{seen[text]}".encode()).hexdigest()[:40])
    return marks
