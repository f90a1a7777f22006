"""What an engine finds (`Fault`) and what a user reads (`SchemaProblem`); both engines share the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Pointer = tuple[str | int, ...]


class Fault(NamedTuple):
    """A keyword of JSON Schema that a value fails; `name` is the property that is missing or unknown."""

    pointer: Pointer
    keyword: str
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class SchemaProblem:
    """One thing that a schema does not allow, at a place in the document.

    For an unknown field the pointer names the field itself, for a missing one the mapping that lacks it.
    """

    pointer: Pointer
    keyword: str
    message: str

    @property
    def at_key(self) -> bool:
        """Return whether the key is at fault, rather than the value under it."""
        return self.keyword == "additionalProperties"
