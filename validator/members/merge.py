"""Bring the contexts of several kubeconfigs together under the names of the estate, each with its cluster and its user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from validator.errors import InputError
from validator.lifecycle.yaml_text import yaml_text
from validator.members.expected import Declaration, plain_host, server_of
from validator.members.flatten import flatten
from validator.members.kubeconfig import Entry, Kubeconfig
from validator.read.exact import load_all


@dataclass(frozen=True, slots=True)
class Member:
    """One context with what it names; `name` is the one that AMKO will know it by."""

    name: str
    context: Entry = field(repr=False)
    cluster: Entry | None = field(repr=False)
    user: Entry | None = field(repr=False)

    def same(self, other: Member) -> bool:
        """Return whether two contexts say the same, whatever their clusters and users are called."""
        pairs = ((self.cluster, other.cluster), (self.user, other.user))
        return self.context.fields.get("namespace") == other.context.fields.get("namespace") and all(
            (one.fields if one else None) == (two.fields if two else None) for one, two in pairs
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """The members of all files, by name; what stands for itself, and what could not be decided."""

    members: tuple[Member, ...]
    conflicts: tuple[tuple[Member, Member], ...] = ()
    """Contexts of one name that say different things."""
    rivals: tuple[tuple[Member, Member], ...] = ()
    """Two contexts that lead to one member, neither of which has its name."""
    dropped: tuple[Member, ...] = ()


def merge(
    files: Sequence[Kubeconfig],
    estate: Declaration | None,
    *,
    renames: Iterable[str] = (),
    keep_all: bool = False,
    inline: bool = True,
    by_server: bool = True,
) -> Merged:
    """Return the members in several kubeconfigs.

    `renames` are `OLD=NEW`. `by_server` also names a context after the member that its server belongs to; `inline` takes files
    in; without `keep_all`, contexts that the estate does not have are dropped.
    """
    wanted = _renames(files, renames)
    servers = _Servers(estate if by_server else None)
    found: list[Member] = []
    rivals: list[tuple[Member, Member]] = []
    present = {wanted.get(name, name) for file in files for name in file.contexts}
    for file in files:
        for name, context in file.contexts.items():
            new = wanted.get(name)
            member = Member(new or name, context, file.clusters.get(context.text("cluster")), _user(file, context))
            if new is None and estate is not None and name not in estate.members:
                member = servers.named(member, present)
            found.append(member)
    kept, dropped = _kept(found, estate, keep_all=keep_all)
    if inline:
        kept = [Member(one.name, one.context, _flat(one.cluster), _flat(one.user)) for one in kept]
    members, conflicts = _unique(kept)
    if by_server:
        rivals = [
            pair for pair in conflicts if all(one.context.name not in wanted for one in pair) and _both_moved(pair)
        ]
        conflicts = [pair for pair in conflicts if pair not in rivals]
    return Merged(
        tuple(members[name] for name in sorted(members)),
        tuple(conflicts),
        tuple(rivals),
        tuple(dropped),
    )


def document(members: Sequence[Member]) -> dict[str, Any]:
    """Return the kubeconfig of members: sorted by name, clusters and users that are the same written once."""
    clusters, users = _Names("cluster"), _Names("user")
    contexts = []
    for member in members:
        body: dict[str, Any] = {}
        if member.cluster is not None:
            body["cluster"] = clusters.name(member.cluster)
        if member.user is not None:
            body["user"] = users.name(member.user)
        if namespace := member.context.fields.get("namespace"):
            body["namespace"] = namespace
        contexts.append({"name": member.name, "context": body})
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": clusters.items(),
        "users": users.items(),
        "contexts": contexts,
    }


def text_of(members: Sequence[Member]) -> str:
    """Return the kubeconfig of members as YAML that reads back as what it was made of."""
    whole = document(members)
    text = yaml_text(whole) + "\n"
    if load_all(text.encode(), "kubeconfig")[0].value != whole:
        raise InputError(
            "a value of the kubeconfig cannot be written as YAML", hint="is there a control character in it?"
        )
    return text


class _Names:
    """Names for the entries of one list: their own, with a number behind it where another entry has it already."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._found: dict[str, Mapping[str, Any]] = {}

    def name(self, entry: Entry) -> str:
        number, name = 1, entry.name
        while self._found.setdefault(name, entry.fields) != entry.fields:
            number += 1
            name = f"{entry.name}-{number}"
        return name

    def items(self) -> list[dict[str, Any]]:
        return [{"name": name, self._kind: dict(self._found[name])} for name in sorted(self._found)]


def _renames(files: Sequence[Kubeconfig], given: Iterable[str]) -> dict[str, str]:
    known = {name for file in files for name in file.contexts}
    found: dict[str, str] = {}
    for text in given:
        splits = [(text[:at], text[at + 1 :]) for at, letter in enumerate(text) if letter == "="]
        fitting = [pair for pair in splits if pair[0] in known and pair[1]]
        if not splits or not all(splits[0]):
            raise InputError(f"--rename `{text}` is not of the form OLD=NEW")
        if not fitting:
            raise InputError(f"--rename: no kubeconfig has a context `{splits[0][0]}`")
        if fitting[0][0] in found:
            raise InputError(f"--rename: context `{fitting[0][0]}` is renamed twice")
        found[fitting[0][0]] = fitting[0][1]
    return found


def _user(file: Kubeconfig, context: Entry) -> Entry | None:
    return file.users.get(context.text("user"))


class _Servers:
    """The members of an estate by the servers that they are reached at."""

    def __init__(self, estate: Declaration | None) -> None:
        self._names: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for name, one in estate.members.items() if estate is not None else ():
            for host in one.hosts:
                self._names[plain_host(host), one.port].add(name)

    def named(self, member: Member, present: set[str]) -> Member:
        """Return a context under the name of the member that its server belongs to, unless another one has that name."""
        if member.cluster is None or not self._names:
            return member
        server = server_of(member.cluster.text("server"))
        meant = self._names.get((server.host, server.port), set())
        if len(meant) != 1 or meant & present:
            return member
        return Member(next(iter(meant)), member.context, member.cluster, member.user)


def _kept(found: list[Member], estate: Declaration | None, *, keep_all: bool) -> tuple[list[Member], list[Member]]:
    if estate is None or keep_all:
        return found, []
    return (
        [one for one in found if one.name in estate.members],
        [one for one in found if one.name not in estate.members],
    )


def _flat(entry: Entry | None) -> Entry | None:
    return None if entry is None else flatten(entry)


def _unique(found: list[Member]) -> tuple[dict[str, Member], list[tuple[Member, Member]]]:
    members: dict[str, Member] = {}
    conflicts: list[tuple[Member, Member]] = []
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for one in found:
        groups[one.name].append(one)
    for name, group in groups.items():
        members[name] = group[0]
        conflicts.extend((group[0], other) for other in group[1:] if not other.same(group[0]))
    return members, conflicts


def _both_moved(pair: tuple[Member, Member]) -> bool:
    return all(one.name != one.context.name for one in pair)
