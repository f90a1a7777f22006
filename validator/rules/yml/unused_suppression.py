"""A suppression of something that is not found any more.

What it finds:
    `# estate: ignore[...] reason` for a rule that ran and found nothing on that line, or in that document.

Why it matters:
    It would hide the next fault of its kind at this place, which nobody has looked at.
    Source: docs of this project, Suppression.

Bad:
    currentClusterIsLeader: false  # estate: ignore[two-leaders] failover drill until Friday

Good:
    currentClusterIsLeader: false

Fix:
    Remove the comment, or move it to the line of the finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("YML802", Severity.WARNING, sources=("YML", "design: suppression"))
def check(estate: Estate) -> Iterator[Problem]:
    """Yield nothing: `validator.filters.suppress` tells, once all other rules have run."""
    yield from ()
