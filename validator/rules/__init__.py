"""The rules: one file each, found by walking this folder; nothing about a rule stands anywhere else."""

from __future__ import annotations

import importlib
import inspect
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from validator.finding import Problem, Severity
from validator.model import Estate

Check = Callable[[Estate], Iterator[Problem]]
SUBJECTS = ("EST", "CTX", "AMK", "GDP", "GHR", "AKO", "CRD", "APP", "TKG", "AVI", "DNS", "SEC", "GIT", "YML", "SCH")
_ID = re.compile(r"[A-Z]{3}\d{3}")
_SECTIONS = ("What it finds", "Why it matters", "Bad", "Good", "Fix")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, how much it weighs, and the function that finds it."""

    id: str
    name: str
    severity: Severity
    since: str
    sources: tuple[str, ...]
    check: Check = field(repr=False, compare=False)
    text: str = field(repr=False, compare=False)
    """The docstring of the rule's module."""
    early: bool = False
    """Whether it asks for documents, files and the estate file only, so that it can run before the clusters are known."""

    @property
    def needs_base(self) -> bool:
        """Return whether the rule judges a change, so that it says nothing without `--base`."""
        return self.id[3] == "9" and not self.id.startswith("EST")

    @property
    def summary(self) -> str:
        """Return the first line of the docstring: the pattern found, in one sentence."""
        return self.text.strip().partition("\n")[0].rstrip(".")

    @property
    def sections(self) -> dict[str, str]:
        """Return the docstring by heading: What it finds, Why it matters, Bad, Good, Fix."""
        found: dict[str, str] = {}
        heading = ""
        for line in inspect.cleandoc(self.text).splitlines():
            if line.rstrip(":") in _SECTIONS and line == line.strip():
                heading = line.rstrip(":")
                found[heading] = ""
            elif heading:
                found[heading] += line + "\n"
        return {name: inspect.cleandoc(text).strip("\n") for name, text in found.items()}


def rule(
    id: str, severity: Severity, *, since: str = "0.1.0", sources: tuple[str, ...] = (), early: bool = False
) -> Callable[[Check], Check]:
    """Register a check; its name is the file's, its page the module's docstring."""
    if not _ID.fullmatch(id) or id[:3] not in SUBJECTS:
        raise ValueError(f"rule id `{id}` is not one of the subjects {', '.join(SUBJECTS)} and three digits")

    def register(check: Check) -> Check:
        module = inspect.getmodule(check)
        assert module is not None
        name = module.__name__.rpartition(".")[2].replace("_", "-")
        check.__dict__["rule"] = Rule(id, name, severity, since, sources, check, module.__doc__ or "", early)
        return check

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the folder, by id; raise ValueError where two share an id or a name."""
    found: dict[str, Rule] = {}
    names: dict[str, str] = {}
    for module_name in _modules():
        module = importlib.import_module(module_name)
        checks = [value.rule for value in vars(module).values() if isinstance(getattr(value, "rule", None), Rule)]
        if len(checks) != 1:
            raise ValueError(f"{module_name} holds {len(checks)} rules, one is required")
        one = checks[0]
        if one.id in found or one.name in names:
            raise ValueError(f"{module_name}: rule {one.id} {one.name} exists already")
        found[one.id] = one
        names[one.name] = one.id
    return tuple(found[id] for id in sorted(found))


def _modules() -> Iterator[str]:
    top = Path(__file__).parent
    for folder in sorted(entry.name for entry in os.scandir(top) if entry.is_dir() and entry.name[0] not in "._"):
        for entry in sorted(os.listdir(top / folder)):
            if entry.endswith(".py") and entry[0] != "_":
                yield f"validator.rules.{folder}.{entry.removesuffix('.py')}"


def find(name: str) -> Rule | None:
    """Return the rule with an id or a name, in any case."""
    for one in all_rules():
        if name.upper() == one.id or name.lower() == one.name:
            return one
    return None
