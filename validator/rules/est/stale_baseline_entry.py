"""A baseline entry matches no finding any more.

What it finds:
    An entry of the baseline file whose rule, path and object match nothing that this run found.

Why it matters:
    A stale entry hides the same fault when it comes back. Baselines that only grow are how a known problem becomes
    an outage that everybody had agreed to ignore.
    Source: docs/configuration.md, Baseline.

Bad:
    version: 1
    findings:
      - {rule: AMK101, path: site02/amko.yaml, object: HelmRelease avi-system/amko}   # mended long ago

Good:
    version: 1
    findings: []

Fix:
    Remove the entry, or write the baseline anew with `estate validate --write-baseline FILE`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("EST901", Severity.WARNING, sources=("validator/filters/baseline.py",))
def check(estate: Estate) -> Iterator[Problem]:
    """Yield nothing: `validator.filters.baseline` reports stale entries once all findings are known."""
    yield from ()
