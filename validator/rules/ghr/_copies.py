"""Copies of one GSLBHostRule in several clusters, compared setting by setting."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from validator.federation.policies import Policy
from validator.federation.settings import Difference, differences
from validator.finding import Problem
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.rules import all_rules
from validator.rules.gdp._names import naming_of

BY_NAME = {"trafficSplit": "cluster", "publicIP": "cluster", "thirdPartyMembers": "site"}
NAMESPACE = "metadata.namespace"
OWNERS = ("GHR", "GDP", "CTX")


def settings(estate: Estate, policy: Policy) -> dict[str, Any]:
    """Return the settings of a rule so that order and empty values make no difference."""
    assert policy.manifest is not None
    naming = naming_of(estate, policy)
    found: dict[str, Any] = {NAMESPACE: policy.manifest.namespace or MISSING}
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

    def covers(self, policy: Policy, pointer: Pointer) -> bool:
        """Return whether a setting of a copy is told to be wrong by itself, so that its difference follows."""
        assert policy.manifest is not None
        if not policy.manifest.spec or policy.told(*pointer):
            return True
        at, home = policy.at(*pointer), policy.at(*pointer[:1])
        for told in self._places.get(id(at.document), ()):
            size = min(len(told), len(at.pointer))
            if told[:size] == at.pointer[:size] and len(told) >= len(home.pointer):
                return True
        return False


def problems(
    told: Told, mine: Policy, values: dict[str, Any], model: Policy, wanted: dict[str, Any]
) -> Iterator[Problem]:
    """Yield where a copy differs from the one that most clusters have, unless another rule tells one of the two."""
    for one in differences(values, wanted):
        if any(told.covers(copy, _pointer(copy, one.pointer)) for copy in (mine, model)):
            continue
        yield Problem(
            _at(mine, one.pointer),
            f"`{_path(one)}` of {mine.title} is {_shown(one.mine)} in cluster `{mine.cluster.name}`, but {_shown(one.theirs)} in "
            f"`{model.cluster.name}`; every cluster that runs AMKO needs the same copy",
            related=((_at(model, one.pointer), f"in cluster `{model.cluster.name}`"),),
        )


def _at(policy: Policy, pointer: tuple[str, ...]) -> Ref:
    if pointer == (NAMESPACE,) and policy.manifest is not None:
        return policy.manifest.at("metadata", "namespace")
    return policy.at(*_pointer(policy, pointer))


def _pointer(policy: Policy, pointer: tuple[str, ...]) -> Pointer:
    key = pointer[0]
    if key in BY_NAME and len(pointer) > 1:
        for index, item in policy.items(key):
            if item.get(BY_NAME[key]) == pointer[1]:
                return (key, index, *pointer[2:])
        return (key,)
    return pointer


def _path(one: Difference) -> str:
    return NAMESPACE if one.pointer == (NAMESPACE,) else ".".join(("spec", *one.pointer))


def _shown(value: Any) -> str:
    if value is MISSING:
        return "not set"
    if isinstance(value, dict):
        return "there"
    if isinstance(value, list):
        return f"`{', '.join(map(str, value))[:60]}`"
    return f"`{str(value).lower() if isinstance(value, bool) else str(value)[:60]}`"
