"""The one error base: raised low with a place, caught once at the command line."""

from __future__ import annotations


class EstateError(Exception):
    """Say what is wrong and where; lines and columns are 1-based."""

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint

    @property
    def problems(self) -> list[EstateError]:
        """Return what is to be told, one by one: an error of several problems stands for them."""
        return [self]

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class InputError(EstateError):
    """Input that cannot be read or is not allowed."""


class ToolError(EstateError):
    """An external program that is missing, failed or took too long."""
