"""A kubeconfig as client-go reads it: named clusters, users and contexts, each field of its type.

Source: kubernetes client-go tools/clientcmd/api/v1/types.go and conversion.go (a name given twice is refused),
tools/clientcmd/validation.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from validator.members.sources import Place, Source
from validator.nearness import nearest
from validator.read.exact import Pointer

STRING, FLAG, STRINGS, MAP, ANY = "a string", "true or false", "a list of strings", "a mapping", "anything"
FIELDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "cluster": {
            "server": STRING,
            "tls-server-name": STRING,
            "insecure-skip-tls-verify": FLAG,
            "certificate-authority": STRING,
            "certificate-authority-data": STRING,
            "proxy-url": STRING,
            "disable-compression": FLAG,
            "extensions": ANY,
        },
        "user": {
            "client-certificate": STRING,
            "client-certificate-data": STRING,
            "client-key": STRING,
            "client-key-data": STRING,
            "token": STRING,
            "tokenFile": STRING,
            "as": STRING,
            "as-uid": STRING,
            "as-groups": STRINGS,
            "as-user-extra": MAP,
            "username": STRING,
            "password": STRING,
            "auth-provider": MAP,
            "exec": MAP,
            "extensions": ANY,
        },
        "context": {"cluster": STRING, "user": STRING, "namespace": STRING, "extensions": ANY},
    }
)
LISTS = {"cluster": "clusters", "user": "users", "context": "contexts"}
DROPPED = "extensions"
"""What other programs leave for themselves, such as minikube; AMKO has no use for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One named cluster, user or context; `fields` holds what is given and not empty, in the order of `FIELDS`."""

    kind: str
    name: str
    fields: Mapping[str, Any] = field(repr=False)
    source: Source = field(repr=False)
    pointer: Pointer = ()
    """Of its item in the list."""
    unknown: tuple[str, ...] = ()
    """Keys that no release knows; client-go passes over them."""

    def at(self, key: str | None = None) -> Place:
        """Return the place of a field, of the name where there is none."""
        if key is None or key not in self.fields:
            return self.source.place(*self.pointer, "name")
        return self.source.place(*self.pointer, self.kind, key, key=True)

    def text(self, key: str) -> str:
        """Return a field that is a string, empty where it is not given."""
        return str(self.fields.get(key, ""))

    def with_fields(self, fields: Mapping[str, Any]) -> Entry:
        ordered = {key: fields[key] for key in FIELDS[self.kind] if key in fields}
        return replace(self, fields=MappingProxyType(ordered))


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The entries of one kubeconfig, by name, in their order."""

    source: Source = field(repr=False)
    clusters: Mapping[str, Entry] = field(repr=False)
    users: Mapping[str, Entry] = field(repr=False)
    contexts: Mapping[str, Entry] = field(repr=False)


def read(source: Source) -> Kubeconfig:
    """Return the entries of a kubeconfig; raise InputError where client-go would refuse the file."""
    value = source.value
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a single value"
        raise source.error(f"must be a mapping with `clusters`, `users` and `contexts`, is {kind}")
    named, version = value.get("kind"), value.get("apiVersion")
    if named not in (None, "", "Config") or version not in (None, "", "v1"):
        at = "kind" if named not in (None, "", "Config") else "apiVersion"
        raise source.error("is no kubeconfig: that is kind `Config` of apiVersion `v1`", at, key=True)
    if not any(value.get(name) for name in LISTS.values()):
        raise source.error("is no kubeconfig: it has none of `clusters`, `users`, `contexts`")
    return Kubeconfig(source, *(_entries(source, one) for one in LISTS))


def _entries(source: Source, kind: str) -> dict[str, Entry]:
    listed = source.value.get(LISTS[kind])
    if listed is None:
        return {}
    if not isinstance(listed, list):
        raise source.error(f"`{LISTS[kind]}` must be a list", LISTS[kind], key=True)
    found: dict[str, Entry] = {}
    for index, item in enumerate(listed):
        pointer = (LISTS[kind], index)
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            raise source.error(f"each item of `{LISTS[kind]}` needs a `name`", *pointer)
        if name in found:
            line = found[name].at().line
            raise source.error(
                f"{kind} `{name}` is given twice, first at line {line}; kubectl and AMKO refuse such a file",
                *pointer,
                "name",
            )
        body = item.get(kind)
        if body is None:
            body = {}
        if not isinstance(body, dict):
            raise source.error(f"`{kind}` of `{name}` must be a mapping", *pointer, kind, key=True)
        found[name] = _entry(source, kind, name, body, pointer)
    return found


def _entry(source: Source, kind: str, name: str, body: dict[str, Any], pointer: Pointer) -> Entry:
    given = {}
    for key, wanted in FIELDS[kind].items():
        value = body.get(key)
        if value is None or key == DROPPED:
            continue
        if not _fits(value, wanted):
            raise source.error(f"`{key}` of {kind} `{name}` must be {wanted}", *pointer, kind, key, key=True)
        if value not in ("", False, [], {}):
            given[key] = value
    unknown = tuple(key for key in body if key not in FIELDS[kind])
    return Entry(kind, name, MappingProxyType(given), source, pointer, unknown)


def _fits(value: Any, wanted: str) -> bool:
    if wanted == STRINGS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    kinds: dict[str, Any] = {STRING: str, FLAG: bool, MAP: dict, ANY: object}
    return isinstance(value, kinds[wanted])


def meant(kind: str, key: str) -> str | None:
    """Return the field that a misspelt key was probably meant to be; None for a key that is like none."""
    return nearest(key, FIELDS[kind]) if len(key) <= 40 else None
