"""A user without a credential that an API server takes.

What it finds:
    A member whose user has neither a token nor a client certificate with its key; a placeholder instead of one; a user name and a
    password, which Kubernetes takes no more; a token and a password together, which client-go refuses.

Why it matters:
    AMKO reaches the member as `system:anonymous`, or not at all, and skips it.
    Source: client-go tools/clientcmd/validation.go validateAuthInfo; Kubernetes 1.19 removed basic authentication.

Bad:
    users:
      - {name: tkg-a, user: {token: REPLACE-ME}}

Good:
    users:
      - {name: tkg-a, user: {client-certificate-data: ..., client-key-data: ...}}

Fix:
    Give the user a token (`estate members rbac` makes the account for it) or a client certificate with its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.secrets.placeholder import is_placeholder

_HELD = ("token", "client-certificate-data", "client-key-data")


@check("MBR109", Severity.ERROR, sources=("client-go tools/clientcmd/validation.go",))
def lacking(view: View) -> Iterator[Fault]:
    for member, user in view.parts("user"):
        if {"exec", "auth-provider"} & user.fields.keys():
            continue
        for key, message in _faults(user.fields):
            text = f"user `{user.name}` of context `{member.name}` {message}"
            yield Fault(user.at(key), text, context=member.name)


def _faults(fields: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    filler = [key for key in _HELD if key in fields and is_placeholder(fields[key])]
    for key in filler:
        yield key, f"still has a placeholder as `{key}`"
    token = "token" in fields or "tokenFile" in fields
    certificate = "client-certificate-data" in fields or "client-certificate" in fields
    private = "client-key-data" in fields or "client-key" in fields
    basic = "username" in fields or "password" in fields
    if basic and token:
        yield "username", "has a token and a password, of which client-go takes one alone"
    elif basic and not certificate:
        yield "username", "has a user name and a password, which Kubernetes takes no more since 1.19"
    elif certificate and not private:
        yield "client-certificate-data", "has a client certificate without its key"
    elif private and not certificate:
        yield "client-key-data", "has a key without its client certificate"
    elif not token and not certificate:
        yield None, "has no credential: neither a token nor a client certificate"
