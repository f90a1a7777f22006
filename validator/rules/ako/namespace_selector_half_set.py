"""AKO's namespace selector has a key without a value, or a value without a key.

What it finds:
    One of `AKOSettings.namespaceSelector.labelKey` and `labelValue` set, the other one empty.

Why it matters:
    With either one empty AKO turns the selector off and syncs every namespace: what was to be kept out gets virtual
    services, and of several AKOs in a cluster two make the same ones.
    Source: AKO internal/lib/lib.go GetLabelToSyncNamespace (1.9.2 to 2.1.1).

Bad:
    AKOSettings: {namespaceSelector: {labelKey: ako, labelValue: ""}}

Good:
    AKOSettings: {namespaceSelector: {labelKey: ako, labelValue: enabled}}

Fix:
    Set both, or none.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases, text

SELECTOR = ("AKOSettings", "namespaceSelector")


@rule("AKO115", Severity.ERROR, sources=("AKO-20", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        key, value = (text(release, *SELECTOR, name) for name in ("labelKey", "labelValue"))
        if key is None or value is None or bool(key.strip()) is bool(value.strip()):
            continue
        have, lack = ("labelKey", "labelValue") if key.strip() else ("labelValue", "labelKey")
        yield Problem(
            release.at(*SELECTOR, have),
            f"`namespaceSelector.{have}` is set and `{lack}` is not; AKO turns the selector off and "
            "syncs every namespace",
        )
