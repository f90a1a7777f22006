"""A Tanzu configuration file holds a password.

What it finds:
    `VSPHERE_PASSWORD`, `AVI_PASSWORD` and the other password variables of a management cluster's configuration
    file with a value that is no placeholder; `<encoded:...>` counts as the password, wherever it stands. The
    value itself is never shown.

Why it matters:
    `<encoded:...>` is Base64, which the Tanzu CLI writes so that a glance does not read it; anyone can decode
    it.
    Source: tanzu-framework v0.28.3 providers/config_default.yaml, tkg/tkgconfigreaderwriter.

Bad:
    AVI_PASSWORD: <encoded:Vk13YXJlMSE=>

Good:
    AVI_PASSWORD: REPLACE-ME

Fix:
    Change the password; leave the variable out of the file and give it in the environment when the cluster is
    created.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tanzu
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.rules import rule
from validator.secrets.placeholder import is_placeholder


@rule("SEC203", Severity.ERROR, sources=("GIT-05", "tanzu-framework v0.28.3 providers/config_default.yaml"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.documents_of(""):
        if not isinstance(document.value, dict):
            continue
        if b"<encoded:" in document.data or b"_PASSWORD" in document.data or b"_SECRET" in document.data:
            yield from _exposed(document)


def _exposed(document: Document) -> Iterator[Problem]:
    for key, value in document.value.items():
        if not isinstance(value, str):
            continue
        if value.startswith("<encoded:"):
            yield Problem(
                document.ref(key),
                f"`{key}` holds a password as `<encoded:...>`, which is Base64 and no encryption",
            )
        elif key in tanzu.secrets() and not is_placeholder(value):
            yield Problem(document.ref(key), f"`{key}` is given in the open; leave it out or write a placeholder")
