"""Values that the repository does not hold: they are put in at run time, from a Secret or by a tool of the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is there and could be anything; no string, so that rules which look at text pass over it."""

    text: str
    """What is written in its place."""

    def __str__(self) -> str:
        return self.text


def holds_unknown(value: Any) -> bool:
    """Return whether a value is unknown or has an unknown one below it."""
    if not isinstance(value, dict | list):
        return isinstance(value, Unknown)
    pending: list[Any] = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            pending.extend(found.values())
        elif isinstance(found, list):
            pending.extend(found)
        elif isinstance(found, Unknown):
            return True
    return False


def written(value: Any) -> Any:
    """Return a value with the text that stands in the place of each unknown one."""
    return _written(value) if holds_unknown(value) else value


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    return value.text if isinstance(value, Unknown) else value
