"""What `avi/gslb.json` says beside what the estate file makes of it, leaf by leaf, and where the estate file says that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.estate_file.flaw import label
from validator.read.exact import Pointer
from validator.read.manifest import dig

NAMES = ("name", "site", "dns_vs", "domain_name")
"""Keys that tell one item of a list from the others; what has none of them is told by its place."""
MOST = 20
"""Differences that one file is told of."""
_SIZES = {
    "min_scaleout_per_vs": "min",
    "ha_mode": "min",
    "max_scaleout_per_vs": "max",
    "max_se": "max",
    "vcpus_per_se": "cpus",
    "memory_per_se": "memoryMiB",
    "disk_per_se": "diskGiB",
}
_SITE = {
    "name": ("name",),
    "ip_addresses": ("avi", "gslb", "addresses"),
    "port": ("avi", "gslb", "port"),
    "ratio": ("avi", "gslb", "ratio"),
    "location": ("avi", "gslb", "location"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a file is not as declared; `given` and `wanted` are None for what is not there."""

    pointer: Pointer
    """In the file; of the list or mapping around what is missing there."""
    path: Pointer
    """In what the estate file makes."""
    title: str
    given: Any
    wanted: Any


def differences(given: Any, wanted: Any, at: Pointer = (), path: Pointer = ()) -> Iterator[Difference]:
    """Yield how `given` differs from `wanted`."""
    if isinstance(given, dict) and isinstance(wanted, dict):
        for key, item in wanted.items():
            if key in given:
                yield from differences(given[key], item, (*at, key), (*path, key))
            else:
                yield Difference(at, (*path, key), _title((*path, key)), None, item)
        for key, item in given.items():
            if key not in wanted:
                yield Difference((*at, key), path, _title((*path, key)), item, None)
    elif isinstance(given, list) and isinstance(wanted, list):
        yield from _lists(given, wanted, at, path)
    elif not _same(given, wanted):
        yield Difference(at, path, _title(path), given, wanted)


def _lists(given: list[Any], wanted: list[Any], at: Pointer, path: Pointer) -> Iterator[Difference]:
    """Compare two lists item by item: by name, and what has another name by its place."""
    mine, theirs = [_name(item, i) for i, item in enumerate(given)], [_name(item, i) for i, item in enumerate(wanted)]
    first: dict[Any, int] = {}
    for index, name in enumerate(mine):
        first.setdefault(name, index)
    asked = set(theirs)
    paired = {index for name, index in first.items() if name in asked}
    for index, name in enumerate(theirs):
        other = first.get(name, index)
        if other < len(given) and (name in first or mine[other] not in asked):
            paired.add(other)
            yield from differences(given[other], wanted[index], (*at, other), (*path, index))
        else:
            yield Difference(at, (*path, index), f"{_item(name)} of {_title(path)}", None, wanted[index])
    for index, name in enumerate(mine):
        if index not in paired:
            yield Difference((*at, index), path, f"{_item(name)} of {_title(path)}", name, None)
    if mine != theirs and sorted(map(str, mine)) == sorted(map(str, theirs)):
        yield Difference(at, path, f"the order of {_title(path)}", _listed(mine), _listed(theirs))


def _item(name: Any) -> str:
    return f"item {name + 1}" if isinstance(name, int) else f"`{name}`"


def _name(item: Any, index: int) -> Any:
    if not isinstance(item, dict):
        return item if isinstance(item, str | int) else index
    return next((item[key] for key in NAMES if isinstance(item.get(key), str)), index)


def _same(given: Any, wanted: Any) -> bool:
    return bool(given == wanted) and isinstance(given, bool) == isinstance(wanted, bool)


def _listed(names: list[Any]) -> str:
    return ", ".join(map(str, names))


def _title(path: Pointer) -> str:
    return f"`{label(path)}`" if path else "the file"


def origin(path: Pointer, wanted: Any, estate: dict[str, Any]) -> Pointer:
    """Return the place of the resolved estate that a place of its configuration comes from."""
    if path[:1] == ("gslb",):
        return _of_gslb(path[1:], wanted, estate)
    if path[:1] == ("controllers",) and len(path) > 1:
        return ("sites", path[1], *_of_controller(path[2:], estate["sites"][path[1]]))
    return ("sites",)


def _of_gslb(path: Pointer, wanted: Any, estate: dict[str, Any]) -> Pointer:
    if path[:1] == ("dns_configs",):
        return ("gslb", "domains")
    if path[:1] != ("sites",):
        return ("gslb", *path[:1]) if path[:1] in (("name",), ("leader",)) else ("gslb",)
    if len(path) == 1:
        return ("sites",)
    name = dig(wanted, ("gslb", "sites", path[1], "name"))
    index = next(i for i, site in enumerate(estate["sites"]) if site["name"] == name)
    if path[2:3] == ("username",):
        return ("gslb", "username")
    if path[2:3] == ("dns_vses",):
        named = path[4:5] == ("dns_vs",)
        return ("sites", index, "avi", "dns", "virtualService") if named else ("gslb", "domains")
    return ("sites", index, *_SITE.get(str(path[2]) if len(path) > 2 else "", ("avi",)))


def _of_controller(path: Pointer, site: dict[str, Any]) -> Pointer:
    kind, key = (str(path[0]) if path else ""), (str(path[1]) if len(path) > 1 else "")
    if not path or kind == "site":
        return ("name",) if path else ()
    if kind in {"controller", "api_version"}:
        return ("avi", "controller" if kind == "controller" else "version")
    if key == "cloud_ref":
        return ("avi", "cloud", "name")
    if kind == "serviceenginegroup":
        if key == "name":
            return ("avi", "dns", "serviceEngineGroup")
        return ("avi", "dns", "serviceEngines", _SIZES[key]) if key in _SIZES else ("avi", "dns")
    if kind == "virtualservice":
        return ("avi", "dns", "serviceEngineGroup" if key == "se_group_ref" else "virtualService")
    if kind == "vsvip" and "placement_networks" in path:
        return ("avi", "dns", "network")
    return ("avi", "dns", "address" if key == "vip" else "virtualService")
