"""Findings of a live check: they point at the line of the estate file that says what should be."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path

from validator.finding import Finding, Related, Severity
from validator.read.exact import Pointer
from validator.runner import CRASH
from validator.verify import catalogue
from validator.verify.plan import Plan

SHOWN = 5
"""Values that a message lists before it only counts the rest."""


class Findings:
    """Collects findings and gives them their places."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._found: dict[tuple[str, Pointer, str], Finding] = {}

    def tell(
        self,
        id: str,
        at: Pointer,
        message: str,
        *,
        severity: Severity | None = None,
        site: str | None = None,
        cluster: str | None = None,
        related: Iterable[tuple[Pointer, str]] = (),
    ) -> None:
        """Add a finding of the check `id` about the place `at` in the estate file; the same one counts once."""
        check = catalogue.CHECKS[id]
        line, column = self._plan.tree.locate(at)
        places = tuple(Related(self._plan.path, *self._plan.tree.locate(one), text) for one, text in related)
        found = Finding(
            id,
            check.name,
            severity or check.severity,
            message,
            self._plan.path,
            line,
            column,
            site,
            cluster,
            places,
        )
        self._found.setdefault((id, at, message), found)

    def crash(self, error: Exception, what: str) -> None:
        """Add a finding about a mistake of this program, which hides nothing else."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
        message = f"{what} crashed at {where} with {type(error).__name__}; everything else was verified"
        found = Finding(CRASH, "internal-error", Severity.ERROR, message, self._plan.path, 1, 1)
        self._found.setdefault((CRASH, (), message), found)

    def sorted(self) -> tuple[Finding, ...]:
        """Return all findings in the order of every report."""
        return tuple(sorted(self._found.values(), key=lambda one: (*one.order, one.severity)))


def listed(values: Iterable[object]) -> str:
    """Return values in backticks, the first few of them, and how many more there are."""
    items = [f"`{value}`" for value in values]
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more if items else "none"


def clipped(text: str, size: int = 200) -> str:
    """Return text of a server, cut to a length that a line of a report can bear."""
    text = " ".join(text.split())
    return text if len(text) <= size else f"{text[:size]}..."
