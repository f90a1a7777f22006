"""What is checked of the members' kubeconfig: one check, one file; the folder is the registry.

A check is described like a rule, in the docstring of its module, and `estate explain` shows it; it is no rule, since it needs
credentials, which no repository holds.
"""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from validator.finding import Finding, Problem, Related, Severity
from validator.members.expected import Declaration
from validator.members.kubeconfig import Entry
from validator.members.merge import Member, Merged
from validator.members.sources import Place
from validator.model import Estate
from validator.read.exact import Pointer
from validator.rules import Rule
from validator.runner import CRASH


@dataclass(frozen=True, slots=True)
class View:
    """What a check sees: the members, the estate where there is one, the day, and how soon an end is told."""

    merged: Merged
    estate: Declaration | None
    at: Place
    """Where what is missing belongs."""
    size: int
    """Bytes that AMKO gets."""
    now: datetime
    warn_days: int = 30

    @property
    def members(self) -> tuple[Member, ...]:
        return self.merged.members

    def parts(self, *kinds: str) -> Iterator[tuple[Member, Entry]]:
        """Yield the contexts, clusters and users of members, each once, with the first member that has it."""
        seen: set[tuple[int, str, Pointer]] = set()
        for member in self.members:
            for entry in (member.context, member.cluster, member.user):
                if entry is None or (kinds and entry.kind not in kinds):
                    continue
                key = id(entry.source), entry.kind, entry.pointer
                if key not in seen:
                    seen.add(key)
                    yield member, entry


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a check found."""

    at: Place
    message: str
    related: tuple[tuple[Place, str], ...] = ()
    severity: Severity | None = None
    context: str | None = field(default=None, kw_only=True)


Check = Callable[[View], Iterator[Fault]]


def check(
    id: str, severity: Severity, *, since: str = "0.1.0", sources: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register a check; its name is the file's, its page the module's docstring."""

    def register(function: Check) -> Check:
        module = inspect.getmodule(function)
        assert module is not None
        name = module.__name__.rpartition(".")[2].replace("_", "-")
        function.__dict__["check"] = Rule(id, name, severity, since, sources, _no_rule, module.__doc__ or "")
        return function

    return register


def _no_rule(_estate: Estate) -> Iterator[Problem]:
    """Stand in for a rule's function: of the Rule its description alone is used."""
    yield from ()


@cache
def all_checks() -> tuple[tuple[Rule, Check], ...]:
    """Return every check with its description, by id."""
    found: dict[str, tuple[Rule, Check]] = {}
    for entry in sorted(os.listdir(Path(__file__).parent)):
        if not entry.endswith(".py") or entry[0] == "_":
            continue
        module = importlib.import_module(f"{__name__}.{entry.removesuffix('.py')}")
        for value in vars(module).values():
            described = getattr(value, "__dict__", {}).get("check")
            if isinstance(described, Rule):
                found[described.id] = described, value
    return tuple(found[id] for id in sorted(found))


def find(name: str) -> Rule | None:
    """Return the check with an id or a name, in any case."""
    return next((one for one, _ in all_checks() if name.upper() == one.id or name.lower() == one.name), None)


def findings(view: View, ignore: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what every check finds, sorted; a check that crashes is told by the type of its error alone."""
    skipped = {name.lower() for name in ignore}
    found: dict[tuple[object, ...], Finding] = {}
    for one, function in all_checks():
        if {one.id.lower(), one.name} & skipped:
            continue
        try:
            for fault in function(view):
                finding = _finding(one, fault, view.estate)
                found.setdefault((*finding.order, finding.severity), finding)
        except Exception as error:  # noqa: BLE001  # whatever it is, it may hold a credential: only its type is told
            message = f"check {one.id} `{one.name}` crashed with {type(error).__name__}; the other checks ran"
            found[one.id,] = Finding(CRASH, "internal-error", Severity.ERROR, message, ".", 1, 1)
    return tuple(sorted(found.values(), key=lambda finding: finding.order))


def _finding(one: Rule, fault: Fault, estate: Declaration | None) -> Finding:
    member = estate.members.get(fault.context) if estate is not None and fault.context is not None else None
    return Finding(
        one.id,
        one.name,
        fault.severity or one.severity,
        fault.message,
        fault.at.path,
        fault.at.line,
        fault.at.column,
        member.site if member else None,
        member.cluster if member else None,
        tuple(Related(place.path, place.line, place.column, text) for place, text in fault.related),
    )
