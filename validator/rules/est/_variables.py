"""Topology variables against those that the estate file stands for, defaults of the class filled in on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem
from validator.model import Estate
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.rules.est._declared import Entry, differs
from validator.tkg.topologies import ABSENT, SPEC, Topology, class_of

SITE = {"vcenter": ("vcenter",), "user": ("vcenter", "sshAuthorizedKeys")}
KEYS = {"apiServerEndpoint": "endpoint", "apiServerPort": "endpointPort", "worker": "nodePools"}
OWN = frozenset({"apiServerEndpoint"})
"""Variables whose absence has a rule of its own."""


def compare(estate: Estate, entry: Entry, topology: Topology) -> Iterator[Problem]:
    """Yield the variables that differ from the declared ones; silent where the list itself is not one."""
    if not isinstance(topology.manifest.get(*SPEC, "variables"), list):
        return
    items = entry.data.get("variables", [])
    others = [item for item in items if topology.value(item["name"]) != item["value"]]
    known = class_of(estate, topology) if others else None
    for item in others:
        name, wanted = item["name"], item["value"]
        schema = known.variables.get(name, {}) if known else {}
        given = topology.value(name)
        if given is ABSENT and (known is None or name in OWN or name in known.required or _doubtful(topology, name)):
            continue
        leaves = list(_leaves(_filled(given, schema), _filled(wanted, schema), ()))
        for below, here, there in leaves[:1] if given is ABSENT else leaves:
            if (known is None and here is ABSENT) or _misspelt(topology, name, below):
                continue
            what = f"variable `{'.'.join(map(str, (name, *below)))}` of `{topology.name}`"
            shown = "" if here is ABSENT else text(here)
            yield differs(topology.at(name, *below), what, shown, text(there), _said(entry, name, below))


def _doubtful(topology: Topology, name: str) -> bool:
    """Return whether a variable may only seem to be absent."""
    overridden = any(item["name"] == name for pool in topology.pools for _, item in pool.overrides)
    return overridden or not topology.is_readable or topology.seems_misspelt(name)


def _misspelt(topology: Topology, name: str, below: Pointer) -> bool:
    """Return whether a field is absent, but one of nearly its name is given: another rule tells of that one."""
    for size, step in enumerate(below):
        parent = topology.value(name, *below[:size])
        if isinstance(parent, dict) and step not in parent:
            return nearest(str(step), map(str, parent)) is not None
    return False


def _said(entry: Entry, name: str, below: Pointer) -> Ref:
    if name in SITE:
        return entry.site_at(*SITE[name], *(below if name == "vcenter" else ()))
    return entry.at(KEYS.get(name, name))


def _filled(value: Any, schema: Any) -> Any:
    """Return a value with the defaults of its schema, as Cluster API fills them in."""
    if value is ABSENT or value is None:
        value = schema.get("default", ABSENT)
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, dict):
        filled = dict(value)
        for key, inner in properties.items():
            below = _filled(value.get(key, ABSENT), inner)
            if below is not ABSENT:
                filled[key] = below
        return filled
    return value


def _leaves(given: Any, wanted: Any, pointer: Pointer) -> Iterator[tuple[Pointer, Any, Any]]:
    """Yield the places where the declared side has a plain value and the other has another one, or none."""
    if isinstance(wanted, dict):
        for key in wanted:
            if given is ABSENT or isinstance(given, dict):
                below = given.get(key, ABSENT) if isinstance(given, dict) else ABSENT
                yield from _leaves(below, wanted[key], (*pointer, key))
    elif isinstance(given, list) and [type(item) for item in given] != [type(item) for item in wanted][: len(given)]:
        return
    elif (given is ABSENT and wanted not in ("", [], None, False)) or (type(given) is type(wanted) and given != wanted):
        yield pointer, given, wanted


def text(value: Any) -> str:
    """Return a value as messages show it."""
    if value is None:
        return ""
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
