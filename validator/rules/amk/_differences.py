"""What one block of AMKO's values says differently in the clusters of a federation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from validator.federation.agreement import disagreements
from validator.federation.contexts import Naming
from validator.federation.settings import BY_CLUSTER, Difference, differences, normal, place
from validator.finding import Edit, Problem
from validator.fix import edits
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.rendered import HOLDERS, objects
from validator.rules import all_rules
from validator.schema.faults import tells

LISTS = (("configs", "memberClusters"), ("globalDeploymentPolicy", "matchClusters"))
TEXTS = frozenset({"appSelector", "namespaceSelector"})
"""Blocks of labels, whose values are text."""
OWNERS = ("CTX", "GDP", "AMK2", "AMK3")
"""Rules that tell a wrong value where it stands; that it also differs from the other clusters' is no "
"second fault."""


def found(estate: Estate, block: str, leave: frozenset[str]) -> Iterator[Problem]:
    """Yield one problem for each key of a block that differs, at the cluster that differs from most others."""
    told = Told(estate)
    for federation in estate.federations:
        naming = estate.naming(federation)
        for key in _keys(federation.releases, block):
            answers = [
                (release, _rendered(normal(release, naming, block, key), key)) for release in federation.releases
            ]
            known = [pair for pair in answers if pair[1] is not MISSING or not pair[0].values.unknown]
            if key in leave or all(value == known[0][1] for _, value in known[1:]):
                continue
            values = {id(release): value for release, value in known}
            for release, model in disagreements(federation, [(r, repr(value)) for r, value in known]):
                for one in differences(values[id(release)], values[id(model)], (block, key)):
                    if not any(told.covers(side, naming, one.pointer) for side in (release, model)):
                        yield replace(_problem(release, model, one, naming), fix=_added(estate, release, model, one))


def _rendered(value: Any, key: str) -> Any:
    """Return a value as the chart writes it: without quotes, so that a number in quotes is a number."""
    if key in TEXTS:
        return value
    if isinstance(value, dict):
        return {name: _rendered(part, key) for name, part in value.items()}
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and not (value.startswith("0") and len(value) > 1)
    ):
        return int(value)
    return value


def _keys(releases: Iterable[Release], block: str) -> list[str]:
    blocks = [value for release in releases if isinstance(value := release.get(block), dict)]
    return list(dict.fromkeys(key for value in blocks for key in value if isinstance(key, str)))


class Told:
    """What other rules tell of the same values; looked up only once something differs."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    @cached_property
    def _places(self) -> dict[int, list[tuple[Pointer, str]]]:
        found: dict[int, list[tuple[Pointer, str]]] = {}
        for one in all_rules():
            if one.id.startswith(OWNERS):
                for problem in one.check(self._estate):
                    found.setdefault(id(problem.at.document), []).append((problem.at.pointer, problem.message))
        return found

    def covers(self, release: Release, naming: Naming, pointer: tuple[str, ...]) -> bool:
        """Return whether a setting of a release is told to be wrong by itself, so that its difference follows."""
        block, key = pointer[:2]
        here = place(release, naming, pointer)
        empty = release.values.get(block) in (MISSING, None, {})
        if release.engine == "manifests":
            holder = objects(release).get(HOLDERS[block])
            empty = holder is None or not holder.spec
        if empty or tells(release, *here) or _is_stranger(release, naming, pointer):
            return True
        at, home = release.at(*here).pointer, release.at(block, key)
        missing = release.get(block, key) is MISSING
        for told, message in self._places.get(id(home.document), ()):
            if missing and told == at and f"{key}`" in message:
                return True
            if not missing and (told[: len(at)] == at or (at[: len(told)] == told and len(told) >= len(home.pointer))):
                return True
        return False


def _is_stranger(release: Release, naming: Naming, pointer: tuple[str, ...]) -> bool:
    """Return whether a member is missing that the policy of the same cluster names, which other rules tell."""
    if pointer[:2] != ("configs", "memberClusters") or len(pointer) != 3:
        return False
    lists = (release.get("globalDeploymentPolicy", key) for key in ("matchClusters", "trafficSplit"))
    items = [item for listed in lists if isinstance(listed, list) for item in listed if isinstance(item, dict)]
    members = release.get("configs", "memberClusters")
    mine = (
        naming.meant(i.get("clusterContext") for i in members if isinstance(i, dict))
        if isinstance(members, list)
        else set()
    )
    return pointer[2] not in mine and pointer[2] in naming.meant(item.get("cluster") for item in items)


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


def _added(estate: Estate, release: Release, model: Release, one: Difference) -> tuple[Edit, ...]:
    """Add a cluster of this repository to a list where all others have it; a share of traffic is for people to say."""
    key, naming = one.pointer[:2], estate.naming(next(f for f in estate.federations if release in f.releases))
    others = [other for other in naming.federation.releases if other is not release]
    if (
        len(one.pointer) != 3
        or one.mine is not MISSING
        or key not in LISTS
        or estate.cluster_of(one.pointer[2]) is None
    ):
        return ()
    if not all(len(place(other, naming, one.pointer)) > 2 for other in others):
        return ()
    if key == LISTS[1]:
        member = place(release, naming, (*LISTS[0], one.pointer[2]))
        if len(member) < 3 or release.get(key[0], "trafficSplit") not in (MISSING, None, []):
            return ()
    item = model.get(*place(model, naming, one.pointer)[:3])
    return edits.append(estate, release, key, item) if isinstance(item, dict) else ()


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
