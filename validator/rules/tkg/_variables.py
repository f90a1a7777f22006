"""Topology variables against the schema of their ClusterClass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.facts import tkg
from validator.model import Estate
from validator.once import once
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.rules.sch._effective import without_echo
from validator.schema.clusterclass import ClusterClass
from validator.tkg.topologies import SPEC, Topology, class_of


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a class does not allow; `pointer` starts with the name of the variable."""

    pointer: Pointer
    at: Ref
    message: str
    unknown: bool
    certain: bool
    """Whether the schema at hand names every variable and field of the class."""
    rejected: bool
    """Whether Cluster API refuses an unknown field of this class."""


@once
def told(estate: Estate) -> list[Told]:
    """Return what the classes say of the variables of every topology."""
    return list(_told(estate))


def _told(estate: Estate) -> Iterator[Told]:
    revision = _revision(estate)
    for topology in estate.topologies:
        known = class_of(estate, topology)
        if known is None or topology.manifest.uncertain:
            continue
        yield from _cluster(topology, known, revision)
        for pool in topology.pools:
            if not pool.overrides:
                continue
            values = {item["name"]: item.get("value") for _, item in pool.overrides}
            places = {item["name"]: index for index, item in pool.overrides}
            where: Pointer = ("variables", "overrides")
            for one in without_echo(known.check(values, partial=True)):
                here = (*where, places.get(str(one.pointer[0])) or 0) if one.pointer else where
                at = topology.pool_at(pool, *_inside(here, one.pointer), key=one.at_key and len(one.pointer) > 1)
                yield _one(topology, known, one, at)


def _cluster(topology: Topology, known: ClusterClass, release: str | None) -> Iterator[Told]:
    values = {name: value for name, (_, value) in topology.by_name.items()}
    for one in without_echo(known.check(values)) if _is_list(topology) else ():
        if one.keyword == "required" and not one.pointer and topology.variables and not topology.is_readable:
            continue
        if not one.pointer:
            at = topology.manifest.at(*SPEC, "variables")
        elif one.at_key and len(one.pointer) == 1:
            at = topology.manifest.at(*SPEC, "variables", topology.by_name[str(one.pointer[0])][0], "name")
        else:
            at = topology.at(str(one.pointer[0]), *one.pointer[1:], key=one.at_key)
        yield _one(topology, known, one, at)
    for pointer in known.added_after(release) if release else ():
        name, rest = str(pointer[0]), pointer[1:]
        if _has(values.get(name), rest) and name in values:
            at = topology.at(name, *rest, key=bool(rest))
            label = ".".join(map(str, pointer))
            message = f"`{label}` of `{topology.name}` is not in `{known.name}` of TKG {release} yet"
            yield Told(pointer, at, message, unknown=True, certain=True, rejected=known.unknown_fields == "rejected")


def _one(topology: Topology, known: ClusterClass, one: Any, at: Ref) -> Told:
    text = one.message.replace("unknown field", "unknown variable") if len(one.pointer) == 1 else one.message
    message = f"variables of `{topology.name}`: {text} (class `{known.name}`)"
    certain = known.complete or not one.at_key or "did you mean" in text
    return Told(one.pointer or ("",), at, message, one.at_key, certain, known.unknown_fields == "rejected")


def _is_list(topology: Topology) -> bool:
    """Return whether variables are absent or a list; the schema of the kind tells of anything else."""
    return isinstance(topology.manifest.get(*SPEC, "variables"), list | None)


def _inside(where: Pointer, pointer: Pointer) -> Pointer:
    return (*where, "name") if len(pointer) <= 1 else (*where, "value", *pointer[1:])


def _has(value: Any, pointer: Pointer) -> bool:
    for step in pointer:
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _revision(estate: Estate) -> str | None:
    """Return the revision of the class that the declared TKG release ships, None where that is not declared."""
    declared = estate.declared.resolved.get("versions", {}).get("tkg") if estate.declared else None
    release = tkg.find(declared) if isinstance(declared, str) else None
    return release.revision if release else None
