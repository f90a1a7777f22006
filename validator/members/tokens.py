"""A member from the token Secret of its account: the server is the estate's, so that no admin kubeconfig is needed."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from validator.errors import InputError
from validator.members.expected import Declaration
from validator.members.kubeconfig import Entry, Kubeconfig
from validator.members.sources import Source, read_token
from validator.nearness import nearest


def token_kubeconfigs(given: Iterable[str], estate: Declaration | None) -> list[Kubeconfig]:
    """Return a kubeconfig for each `CLUSTER=FILE`; raise InputError for unknown clusters and other Secrets."""
    found = []
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise InputError(f"--token-secret `{text}` is not of the form CLUSTER=FILE")
        if estate is None:
            raise InputError("--token-secret needs an estate file, for the cluster's server", hint="give --estate")
        member = estate.cluster(name)
        if member is None:
            near = nearest(name, (one.cluster for one in estate.members.values()))
            hint = f"did you mean `{near}`?" if near else None
            raise InputError(f"--token-secret: `{name}` is no member of the estate", hint=hint)
        source, authority, token = read_token(path)
        cluster = _entry("cluster", name, source, {"server": member.server, "certificate-authority-data": authority})
        user = _entry("user", name, source, {"token": token})
        context = _entry("context", member.context, source, {"cluster": name, "user": name})
        found.append(Kubeconfig(source, {name: cluster}, {name: user}, {member.context: context}))
    return found


def _entry(kind: str, name: str, source: Source, fields: dict[str, str]) -> Entry:
    return Entry(kind, name, MappingProxyType(fields), source)
