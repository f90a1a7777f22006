"""Copies of one GSLBHostRule in several clusters, compared setting by setting."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from validator import schema
from validator.finding import Problem
from validator.model import Estate
from validator.policies import Policy
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.rules import all_rules
from validator.rules.gdp._names import naming_of
from validator.settings import Difference, differences

BY_NAME = {"trafficSplit": "cluster", "publicIP": "cluster", "thirdPartyMembers": "site"}
OWNERS = ("GHR", "GDP", "CTX")


def settings(estate: Estate, policy: Policy) -> dict[str, Any]:
    """Return the settings of a rule so that order and empty values make no difference."""
    assert policy.manifest is not None
    naming = naming_of(estate, policy)
    found: dict[str, Any] = {}
    for key, value in policy.manifest.spec.items():
        if value in (None, "", [], {}):
            continue
        if key in BY_NAME and isinstance(value, list):
            named: dict[str, Any] = {}
            for item in value:
                if isinstance(item, dict) and isinstance(name := item.get(BY_NAME[key]), str):
                    text = (naming.of(name) if naming and key != "thirdPartyMembers" else name) or name
                    named.setdefault(text, {k: v for k, v in item.items() if k != BY_NAME[key]})
            found[key] = dict(sorted(named.items()))
        elif key == "healthMonitorRefs" and isinstance(value, list):
            found[key] = sorted(value, key=str)
        else:
            found[key] = value
    return found


class Told:
    """The places in GSLBHostRules that other rules tell; looked up only once something differs."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    @cached_property
    def _places(self) -> dict[int, list[Pointer]]:
        found: dict[int, list[Pointer]] = {}
        for other in all_rules():
            if other.id.startswith(OWNERS) and other.id != "GHR104":
                for one in other.check(self.estate):
                    found.setdefault(id(one.at.document), []).append(one.at.pointer)
        return found

    def __contains__(self, at: Ref) -> bool:
        document = at.document
        wrong = [one.pointer for one in schema.check(document.api_version, document.kind, document.value)]
        places = [*self._places.get(id(document), ()), *wrong]
        return any(at.pointer == place[: len(at.pointer)] for place in places)


def problems(
    told: Told, mine: Policy, values: dict[str, Any], model: Policy, wanted: dict[str, Any]
) -> Iterator[Problem]:
    """Yield where a copy differs from the one that most clusters have, unless another rule tells that place."""
    for one in differences(values, wanted):
        at = mine.at(*_pointer(mine, one.pointer))
        if at in told:
            continue
        yield Problem(
            at,
            f"`{_path(one)}` of {mine.title} is {_shown(one.mine)} in cluster `{mine.cluster.name}`, but {_shown(one.theirs)} in "
            f"`{model.cluster.name}`; every cluster that runs AMKO needs the same copy",
            related=((model.at(*_pointer(model, one.pointer)), f"in cluster `{model.cluster.name}`"),),
        )


def _pointer(policy: Policy, pointer: tuple[str, ...]) -> Pointer:
    key = pointer[0]
    if key in BY_NAME and len(pointer) > 1:
        for index, item in policy.items(key):
            if item.get(BY_NAME[key]) == pointer[1]:
                return (key, index, *pointer[2:])
        return (key,)
    return pointer


def _path(one: Difference) -> str:
    return ".".join(("spec", *one.pointer))


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
