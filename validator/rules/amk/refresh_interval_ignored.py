"""A refresh interval that AMKO does not take.

What it finds:
    `spec.refreshInterval` of 0 or below in a GSLBConfig object. (In the values of the chart the values schema tells.)

Why it matters:
    AMKO logs a warning and takes 600 seconds instead: a full sync every ten minutes, three times as often as by default.
    Source: AMKO gslb/ingestion/gslb.go (refresh interval, 1.9.1 to 2.1.1).

Bad:
    kind: GSLBConfig
    spec: {refreshInterval: 0}

Good:
    kind: GSLBConfig
    spec: {refreshInterval: 1800}

Fix:
    Write seconds above 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("AMK206", Severity.WARNING, sources=("AMKO-GC-06",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("GSLBConfig"):
        for manifest in cluster.of("GSLBConfig", GROUP):
            seconds = manifest.get("spec", "refreshInterval")
            if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds <= 0:
                yield Problem(
                    manifest.at("spec", "refreshInterval"),
                    f"`spec.refreshInterval` of GSLBConfig `{manifest.name}` is {seconds}; AMKO takes 600 seconds then, write more than 0",
                )
