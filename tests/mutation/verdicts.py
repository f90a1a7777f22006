"""What a fault and the findings on it amount to, and the tables of what is known about them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.mutation.faults import Fault
from validator.finding import Finding, Severity

HERE = Path(__file__).parent
_ALLOWED = {"kind", "place", "ways", "estates", "rules", "reason"}


class Verdict(StrEnum):
    """How the validator did."""

    SEEN = "seen"
    HARMLESS = "harmless"
    MISSED = "missed"
    UNRELATED = "second, unrelated finding"


@dataclass(slots=True, eq=False)
class Entry:
    """A line of a table: which faults it is about, and why they are as they are; patterns are those of a shell."""

    kind: str
    place: str
    reason: str
    ways: tuple[str, ...] = ()
    """Ways of breaking; none for all."""
    estates: tuple[str, ...] = ()
    """Golden estates; none for all."""
    rules: tuple[str, ...] = ()
    """Rules that speak elsewhere because of the fault."""
    matched: int = field(default=0)
    used: int = field(default=0)

    def covers(self, estate: str, fault: Fault) -> bool:
        return (
            fnmatchcase(fault.kind, self.kind)
            and any(fnmatchcase(fault.place, place) for place in self.place.split())
            and (not self.ways or fault.way in self.ways)
            and (not self.estates or estate in self.estates)
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.place} {', '.join(self.ways) or 'any way'} {', '.join(self.rules)}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fault, what was said of it, and the verdict; `note` is the reason, or the findings that do not belong."""

    estate: str
    fault: Fault
    verdict: Verdict
    rules: tuple[str, ...]
    note: str = ""

    @property
    def row(self) -> str:
        said = " ".join(self.rules) or "-"
        return f"{self.estate} | {self.fault.name} | {said} | {self.verdict}" + (f": {self.note}" if self.note else "")


@cache
def table(name: str) -> tuple[Entry, ...]:
    """Return the entries of a table, in its order."""
    data = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    entries = []
    for item in data["entry"]:
        assert set(item) <= _ALLOWED, f"{name}.toml: {sorted(set(item) - _ALLOWED)}"
        assert item["reason"], f"{name}.toml: {item} gives no reason"
        ways, estates, rules = (tuple(item.get(key, ())) for key in ("ways", "estates", "rules"))
        entries.append(Entry(item["kind"], item["place"], item["reason"], ways, estates, rules))
    return tuple(entries)


def judge(estate: str, fault: Fault, found: list[Finding]) -> Outcome:
    """Return the verdict on one fault; information is enough to be seen and never too much."""
    path = fault.document.path
    rules = tuple(sorted({one.rule for one in found}))
    stray = [
        one
        for one in found
        if one.severity is not Severity.INFO and one.path != path and all(other.path != path for other in one.related)
    ]
    unexplained = [one for one in stray if not _use(_consequences(estate, fault, one.rule))]
    if unexplained:
        note = "; ".join(f"{one.rule} {one.path}:{one.line} {one.message}" for one in unexplained[:3])
        return Outcome(estate, fault, Verdict.UNRELATED, rules, note)
    known = [entry for entry in table("unseen") if entry.covers(estate, fault)]
    for entry in known:
        entry.matched += 1
    if found:
        return Outcome(estate, fault, Verdict.SEEN, rules)
    if known:
        known[0].used += 1
        return Outcome(estate, fault, Verdict.HARMLESS, rules, known[0].reason)
    return Outcome(estate, fault, Verdict.MISSED, rules)


def _consequences(estate: str, fault: Fault, rule: str) -> list[Entry]:
    return [one for one in table("consequences") if rule in one.rules and one.covers(estate, fault)]


def _use(entries: Iterable[Entry]) -> bool:
    used = False
    for entry in entries:
        entry.used += 1
        used = True
    return used


def counts(outcomes: list[Outcome]) -> dict[Verdict, int]:
    """Return how often each verdict was given."""
    return {verdict: sum(one.verdict is verdict for one in outcomes) for verdict in Verdict}
