"""A file that SOPS has not encrypted as it should, so that nobody can decrypt it.

What it finds:
    A file with a `sops` block that lacks `mac`, `lastmodified`, `version` or any recipient; one whose
    `apiVersion`, `kind` or `metadata` is encrypted; one with values of SOPS (`ENC[...]`) but without the block.

Why it matters:
    kustomize-controller cannot decrypt it, or refuses it because it cannot tell what object it is: the whole
    Kustomization fails. It mostly comes from editing an encrypted file by hand, or from a missing
    `encrypted_regex`.
    Source: getsops/sops README; fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Decryption.

Bad:
    kind: Secret
    metadata: {name: ako-credentials}
    stringData: {password: "ENC[AES256_GCM,data:aGVsbG8=,iv:aa,tag:bb,type:str]"}

Good:
    kind: Secret
    metadata: {name: ako-credentials}
    stringData: {password: "ENC[AES256_GCM,data:aGVsbG8=,iv:aa,tag:bb,type:str]"}
    sops: {mac: "ENC[...]", lastmodified: "2026-01-01T00:00:00Z", version: 3.9.0, age: [{recipient: age1x, enc: y}]}

Fix:
    Take the file back to where it was last good and edit it with `sops`, never by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.facts import table
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.rules import rule
from validator.rules._texts import judged
from validator.secrets.placeholder import is_encrypted

CLEAR = ("apiVersion", "kind", "metadata")


@rule("SEC205", Severity.ERROR, sources=("GIT-05", "GIT-06", "getsops/sops README"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    yield from judged(estate, _judge, _is_touched)


def _is_touched(document: Document) -> bool:
    """Return whether SOPS has left anything in a document."""
    value, data = document.value, document.data
    if isinstance(value, dict) and "sops" in value:
        return True
    return b"[" in data and b"ENC[AES256_GCM," in data  # one letter is found far quicker than several


def _judge(document: Document) -> Iterator[Problem]:
    if isinstance(document.value, dict) and document.kind != "CustomResourceDefinition":
        if "sops" in document.value:
            yield from _block(document, document.value["sops"])
        elif b"ENC[AES256_GCM," in document.data:
            yield from _orphans(document)


def _block(document: Document, block: Any) -> Iterator[Problem]:
    facts = table("secrets")["sops"]
    if not isinstance(block, dict) or not ("mac" in block or "lastmodified" in block or "version" in block):
        return
    at = document.ref("sops", key=True)
    for key in facts["requiredKeys"]:
        if not block.get(key):
            yield Problem(at, f"`sops.{key}` is missing: the file cannot be decrypted")
    if not any(block.get(key) for key in facts["recipientKeys"]):
        yield Problem(at, "the `sops` block names no recipient: nobody can decrypt the file")
    for key in CLEAR:
        for pointer in _encrypted(document.value.get(key), (key,)):
            name = ".".join(map(str, pointer))
            yield Problem(
                document.ref(*pointer),
                f"`{name}` is encrypted; only `data` and `stringData` may be, else Flux refuses it",
            )


def _orphans(document: Document) -> Iterator[Problem]:
    for pointer in _encrypted(document.value, ()):
        name = ".".join(map(str, pointer))
        yield Problem(
            document.ref(*pointer),
            f"`{name}` is a value of SOPS, but the file has no `sops` block: nobody can decrypt it",
        )
        return


def _encrypted(value: Any, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(value, str):
        if value.startswith("ENC[AES256_GCM,") and is_encrypted(value):
            yield pointer
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _encrypted(item, (*pointer, step))
