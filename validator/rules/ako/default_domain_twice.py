"""AKO has two default domains.

What it finds:
    `NetworkSettings.defaultDomain` and `L4Settings.defaultDomain` with different values (AKO 1.13.1 and newer).

Why it matters:
    The first one wins, without a word. Names of Services are made with it, and who reads the other one expects
    other names; a site that has only the second makes other names than its siblings.
    Source: AKO helm/ako/templates/configmap.yaml (1.13.1 to 2.1.1).

Bad:
    NetworkSettings: {defaultDomain: avi.example.com}
    L4Settings: {defaultDomain: apps.example.com}

Good:
    NetworkSettings: {defaultDomain: avi.example.com}

Fix:
    Keep `NetworkSettings.defaultDomain`; the other one is to go away.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases

NEW, OLD = ("NetworkSettings", "defaultDomain"), ("L4Settings", "defaultDomain")


@rule("AKO114", Severity.INFO, sources=("AKO-19", "AKO helm/ako/templates/configmap.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        new, old = release.text(*NEW), release.text(*OLD)
        if new and old and new != old:
            yield Problem(
                release.at(*OLD),
                f"`L4Settings.defaultDomain: {old}` has no effect, `NetworkSettings.defaultDomain: {new}` wins",
                related=((release.at(*NEW), "this one wins"),),
            )
