"""A private key or a login token stands in the repository.

What it finds:
    A kubeconfig with `client-key-data`, `token` or `password` in the open; a private key (PEM) or an age
    identity (`AGE-SECRET-KEY-...`) in any YAML file that is no Secret. The value itself is never shown.

Why it matters:
    The kubeconfig that AMKO gets (`gslb-members`) opens every member cluster, with TKG's `--admin` context as
    administrator. The age identity opens every secret of the repository at once, in every commit.
    Source: AMKO README.md, gslb-members; fluxcd.io, Manage Kubernetes secrets with SOPS.

Bad:
    kind: Config
    users: [{name: a-admin, user: {client-key-data: LS0tLS1CRUdJTi...}}]

Good:
    kind: Config
    users: [{name: a-admin, user: {client-key-data: REPLACE-ME}}]

Fix:
    Rotate the key or the token, then keep the file encrypted or out of git.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.rules import rule
from validator.rules._texts import judged
from validator.secrets.exposure import in_mapping, is_private_key

MARKS = (b"PRIVATE KEY-----", b"AGE-SECRET-KEY-1")
LETTER = b"Y"
"""In each of the marks and in few other texts; one letter is found far quicker than several."""


@rule("SEC204", Severity.ERROR, sources=("GIT-05", "AMKO README.md@2.1.1"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    yield from judged(estate, _judge, _may_hold)


def _may_hold(document: Document) -> bool:
    data = document.data
    return document.kind == "Config" or (LETTER in data and any(mark in data for mark in MARKS))


def _judge(document: Document) -> Iterator[Problem]:
    if document.kind == "Config" and document.api_version == "v1":
        for pointer in in_mapping(document.value.get("users"), ("users",)):
            yield Problem(
                document.ref(*pointer),
                f"kubeconfig holds `{pointer[-1]}` in the open; a placeholder is allowed",
            )
    elif document.kind not in {"Secret", "CustomResourceDefinition"} and any(mark in document.data for mark in MARKS):
        for pointer in _private(document.value, ()):
            yield Problem(document.ref(*pointer), f"{_name(document, pointer)} holds a private key in the open")


def _private(value: Any, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(value, str) and is_private_key(value):
        yield pointer
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _private(item, (*pointer, step))


def _name(document: Document, pointer: Pointer) -> str:
    return f"`{pointer[-1]}` of {document.subject or 'this file'}" if pointer else "this file"
