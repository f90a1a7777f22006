"""AMKO's configuration and policy in a form that can be compared between clusters.

Order of lists, spelling of contexts, defaults of the chart and empty values make no difference; what is left differs for AMKO.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator import values
from validator.federation.contexts import Naming
from validator.model import Release
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.scalars import resolve

CONFIGS, POLICY = "configs", "globalDeploymentPolicy"
BY_CLUSTER = {
    (CONFIGS, "memberClusters"): "clusterContext",
    (POLICY, "matchClusters"): "cluster",
    (POLICY, "trafficSplit"): "cluster",
}
"""Lists of maps, and the key that tells which cluster a map is about."""
_UNORDERED = {(POLICY, "healthMonitorRefs")}
_SELECTORS = {(POLICY, "appSelector"), (POLICY, "namespaceSelector")}
_TAKEN = {(CONFIGS, "refreshInterval"): 600}
"""What AMKO takes where its object says nothing and the chart would; gslb/gslbutils/constants.go (1.9.1 to 2.1.1)."""
_UNSET: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two clusters have different settings; `pointer` names a list's entry by its context."""

    pointer: tuple[str, ...]
    mine: Any
    theirs: Any


def normal(release: Release, naming: Naming, block: str, key: str) -> Any:
    """Return one setting as AMKO takes it, MISSING where it is not set."""
    value = release.get(block, key)
    if value is MISSING:
        value = _default(release, block, key)
    if value is MISSING or value in _UNSET:
        return MISSING
    if (block, key) in BY_CLUSTER and isinstance(value, list):
        return _by_cluster(value, BY_CLUSTER[block, key], naming)
    if (block, key) in _UNORDERED and isinstance(value, list):
        return sorted(value, key=str)
    if (block, key) in _SELECTORS and isinstance(value, dict) and isinstance(label := value.get("label"), dict):
        return ", ".join(f"{name}: {text}" for name, text in sorted(label.items(), key=str)) or MISSING
    if block == CONFIGS and isinstance(value, str):
        return resolve(value)
    return _plain(value)


def _default(release: Release, block: str, key: str) -> Any:
    if (block, key) in BY_CLUSTER or release.values.unknown:
        return MISSING
    if release.engine == "manifests" and (block, key) in _TAKEN:
        return _TAKEN[block, key]
    known = values.defaults("amko", release.version or "")
    found = (known or {}).get(block, {})
    return found.get(key, MISSING) if isinstance(found, dict) else MISSING


def _by_cluster(items: list[Any], name: str, naming: Naming) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        context = naming.of(item.get(name)) if isinstance(item, dict) else None
        if context is not None:
            rest = {key: value for key, value in item.items() if key != name and value is not False}
            found.setdefault(context, _plain(rest) or {})
    return dict(sorted(found.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in sorted(value.items(), key=str) if item not in _UNSET}
    return value


def differences(mine: Any, theirs: Any, pointer: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield where two settings differ, as deep as both go."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            yield from differences(mine.get(key, MISSING), theirs.get(key, MISSING), (*pointer, str(key)))
    elif mine is not theirs and (mine != theirs or isinstance(mine, bool) != isinstance(theirs, bool)):
        yield Difference(pointer, mine, theirs)


def place(release: Release, naming: Naming, pointer: tuple[str, ...]) -> Pointer:
    """Return the pointer into a release's values for a pointer that names a list's entry by its context."""
    block, key = pointer[:2]
    name = BY_CLUSTER.get((block, key))
    items = release.get(block, key)
    if (block, key) in _SELECTORS and isinstance(items, dict) and isinstance(label := items.get("label"), dict):
        return (block, key, "label", next(iter(label))) if len(label) == 1 else (block, key, "label")
    if name is None or len(pointer) < 3 or not isinstance(items, list):
        return pointer
    for index, item in enumerate(items):
        if isinstance(item, dict) and naming.of(item.get(name)) == pointer[2]:
            return (block, key, index, *(pointer[3:] or (name,)))
    return (block, key)
