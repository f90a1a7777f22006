"""What one block of AMKO's values says differently in the clusters of a federation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from validator.agreement import disagreements
from validator.contexts import Naming
from validator.finding import Problem
from validator.model import Estate, Release
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.rules import all_rules
from validator.settings import BY_CLUSTER, Difference, differences, normal, place
from validator.values import validate_values

OWNERS = ("CTX", "GDP", "AMK2", "AMK3")
"""Rules that tell a wrong value where it stands; that it also differs from the other clusters' is no second fault."""


def found(estate: Estate, block: str, leave: frozenset[str]) -> Iterator[Problem]:
    """Yield one problem for each key of a block that differs, at the cluster that differs from most others."""
    told: set[tuple[int, tuple[str | int, ...]]] | None = None
    for federation in estate.federations:
        naming = estate.naming(federation)
        for key in _keys(federation.releases, block):
            answers = [(release, normal(release, naming, block, key)) for release in federation.releases]
            known = [
                (release, value) for release, value in answers if value is not MISSING or not release.values.unknown
            ]
            if key in leave or all(value == known[0][1] for _, value in known[1:]):
                continue
            values = {id(release): value for release, value in known}
            for release, model in disagreements(federation, [(r, repr(value)) for r, value in known]):
                told = _told(estate) if told is None else told
                for one in differences(values[id(release)], values[id(model)], (block, key)):
                    problem = _problem(release, model, one, naming)
                    if not _is_told(problem.at, told) and not _is_invalid(release, place(release, naming, one.pointer)):
                        yield problem


def _keys(releases: Iterable[Release], block: str) -> list[str]:
    blocks = [value for release in releases if isinstance(value := release.get(block), dict)]
    return list(dict.fromkeys(key for value in blocks for key in value if isinstance(key, str)))


def _told(estate: Estate) -> set[tuple[int, tuple[str | int, ...]]]:
    return {
        (id(problem.at.document), problem.at.pointer)
        for one in all_rules()
        if one.id.startswith(OWNERS)
        for problem in one.check(estate)
    }


def _is_told(at: Ref, told: set[tuple[int, tuple[str | int, ...]]]) -> bool:
    return any(document == id(at.document) and pointer[: len(at.pointer)] == at.pointer for document, pointer in told)


def _is_invalid(release: Release, pointer: tuple[str | int, ...]) -> bool:
    if release.version is None or release.engine == "manifests":
        return False
    problems = validate_values(release.chart, release.version, release.values.merged)
    return any(one.pointer[: len(pointer)] == pointer or pointer[: len(one.pointer)] == one.pointer for one in problems)


def _problem(release: Release, model: Release, one: Difference, naming: Naming) -> Problem:
    mine, theirs = release.cluster.name, model.cluster.name
    here, there = place(release, naming, one.pointer), place(model, naming, one.pointer)
    title = release.title(*one.pointer[:2])
    entry = one.pointer[2] if one.pointer[:2] in BY_CLUSTER and len(one.pointer) > 2 else None
    if entry is not None and len(one.pointer) == 3 and one.mine is MISSING:
        text = f"`{title}` of cluster `{mine}` lacks `{entry}`, which that of `{theirs}` has"
    elif entry is not None and len(one.pointer) == 3 and one.theirs is MISSING:
        text = f"`{title}` of cluster `{mine}` has `{entry}`, which that of `{theirs}` lacks"
    else:
        rest = one.pointer[3:] if entry is not None else one.pointer[2:]
        where = f"`{'.'.join((title, *rest))}`" + (f" for `{entry}`" if entry is not None else "")
        text = f"{where} is {_shown(one.mine)} in cluster `{mine}`, but {_shown(one.theirs)} in `{theirs}`"
    return Problem(
        release.at(*here),
        f"{text}; it must be the same in all clusters of a federation",
        related=((model.at(*there), f"{'not set' if one.theirs is MISSING else _shown(one.theirs)} in `{theirs}`"),),
    )


def _shown(value: Any) -> str:
    if value is MISSING:
        return "not set"
    if isinstance(value, dict):
        return "there"
    text = (
        str(value).lower()
        if isinstance(value, bool)
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )
    return f"`{text[:60]}`"
