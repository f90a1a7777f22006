"""What a rule says (`Problem`, pointing into documents) and what a report shows (`Finding`, with lines and columns)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.read.documents import Ref


class Severity(StrEnum):
    """How much a finding weighs; `unverifiable` says that the repository does not hold what the rule needs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a rule found, at a place in a document."""

    at: Ref
    message: str
    related: tuple[tuple[Ref, str], ...] = ()
    severity: Severity | None = None
    site: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of; line and column are 1-based."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report; line and column are 1-based, `path` is POSIX and relative to the repository root."""

    rule: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    site: str | None = None
    cluster: str | None = None
    related: tuple[Related, ...] = ()
    subject: str = field(default="", compare=False)
    """Kind, namespace and name of the object, which the baseline keys on instead of the line."""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Return the sort key of every report: path, line, column, id, message."""
        return (self.path, self.line, self.column, self.rule, self.message)
