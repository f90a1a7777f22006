"""What a rule says (`Problem`, pointing into documents) and what a report shows (`Finding`, with lines and columns)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validator.read.documents import Ref


class Severity(StrEnum):
    """How much a finding weighs; `unverifiable` says that the repository does not hold what the rule needs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    UNVERIFIABLE = "unverifiable"


class Action(StrEnum):
    """What an edit does to the place it names."""

    QUOTE = "quote"
    """Put quotes around a plain scalar, so that it is a string."""
    SET = "set"
    """Give a scalar another value."""
    INSERT = "insert"
    """Add a key with a scalar to a mapping that does not have it."""
    APPEND = "append"
    """Add a scalar, or a mapping of scalars, to the end of a list."""
    REMOVE = "remove"
    """Take an item out of a list."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document; `key` is for INSERT, `value` for SET, INSERT and APPEND."""

    at: Ref
    action: Action
    key: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a rule found, at a place in a document."""

    at: Ref
    message: str
    related: tuple[tuple[Ref, str], ...] = ()
    severity: Severity | None = None
    site: str | None = None
    cluster: str | None = None
    fix: tuple[Edit, ...] = ()
    """What `--fix` may do about it; only where it is safe and there is one way."""
    absence: str | None = None
    """The folder or file in which something is missing: a broken file there may be all that is wrong."""


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
    fix: tuple[Edit, ...] = field(default=(), compare=False, repr=False)
    absence: str | None = field(default=None, compare=False, repr=False)
    pointer: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    """Where in the object it is."""
    parent: tuple[int, int] | None = field(default=None, compare=False, repr=False)
    """Line and column of the mapping that holds the key in question, for a finding on a key."""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Return the sort key of every report: path, line, column, id, message."""
        return (self.path, self.line, self.column, self.rule, self.message)
