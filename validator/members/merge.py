"""Bring the contexts of several kubeconfigs together under the names of the estate, each with its cluster and its user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
) -> Merged:
    """Return the members in several kubeconfigs, their files taken in, named after the members at their servers.

    `renames` are `OLD=NEW`, and win; without `keep_all`, contexts that the estate does not have are dropped.
    """
    wanted = _renames(files, renames)
    found = _named([member for file in files for member in _members(file)], wanted, estate)
    drops = not keep_all and estate is not None
    strange = tuple(one for one in found if drops and not _is_member(one, estate))
    members, pairs = _unique(_flat(one) for one in found if not drops or _is_member(one, estate))
    rivals = tuple(pair for pair in pairs if _are_rivals(pair, wanted))
    return Merged(members, tuple(pair for pair in pairs if not _are_rivals(pair, wanted)), rivals, strange)


def as_they_are(files: Sequence[Kubeconfig]) -> Merged:
    """Return the members in several kubeconfigs under their own names, with nothing taken in and nothing dropped."""
    members, conflicts = _unique([member for file in files for member in _members(file)])
    return Merged(members, tuple(conflicts))


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


def _members(file: Kubeconfig) -> Iterator[Member]:
    for name, context in file.contexts.items():
        yield Member(name, context, file.clusters.get(context.text("cluster")), file.users.get(context.text("user")))


def _named(found: Sequence[Member], wanted: Mapping[str, str], estate: Declaration | None) -> list[Member]:
    """Return members under the names that they get: the one asked for, or that of the member at their server."""
    servers = _Servers(estate)
    asked = [replace(one, name=wanted.get(one.name, one.name)) for one in found]
    present = {one.name for one in asked}
    return [
        one
        if estate is None or one.context.name in wanted or one.name in estate.members
        else servers.named(one, present)
        for one in asked
    ]


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
        return replace(member, name=next(iter(meant)))


def _flat(member: Member) -> Member:
    cluster, user = (flatten(one) if one is not None else None for one in (member.cluster, member.user))
    return replace(member, cluster=cluster, user=user)


def _unique(found: Iterable[Member]) -> tuple[tuple[Member, ...], list[tuple[Member, Member]]]:
    """Return the first member of each name, sorted, and the pairs that would have one name for different things."""
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for one in found:
        groups[one.name].append(one)
    conflicts = [(group[0], other) for group in groups.values() for other in group[1:] if not other.same(group[0])]
    return tuple(groups[name][0] for name in sorted(groups)), conflicts


def _is_member(member: Member, estate: Declaration | None) -> bool:
    return estate is not None and member.name in estate.members


def _are_rivals(pair: tuple[Member, Member], wanted: Mapping[str, str]) -> bool:
    """Return whether both of a pair got their name from their server alone."""
    return all(one.name != one.context.name and one.context.name not in wanted for one in pair)
