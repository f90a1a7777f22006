"""A label, an annotation or a key of data that the API server refuses.

What it finds:
    Labels and annotations whose key is not a name of at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/`
    before it or not; labels whose value is none of the kind; keys of Secrets and ConfigMaps with other characters; and Pod
    Security levels that do not exist.

Why it matters:
    The API server refuses the object, `Invalid value`, and with it Flux or Argo CD the whole sync.
    Source: kubernetes/apimachinery pkg/util/validation/validation.go IsQualifiedName, IsValidLabelValue, IsConfigMapKey;
    kubernetes/pod-security-admission api/helpers.go.

Bad:
    metadata:
      labels: {team/shop/web: a, owner: team shop}

Good:
    metadata:
      labels: {team/shop-web: a, owner: team-shop}

Fix:
    Write a key and a value that the message allows; free text goes into an annotation's value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator import schema
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.rules import rule

NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
DATA = re.compile(r"[-._a-zA-Z0-9]{1,253}")
LEVELS = ("privileged", "baseline", "restricted")
SECURITY = "pod-security.kubernetes.io/"
MAX_PREFIX = 253
_TEMPLATED = re.compile(r"\$\{|\{\{|\$\(")


@rule("SCH104", Severity.ERROR, sources=("SCH", "kubernetes/apimachinery pkg/util/validation/validation.go"))
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[int] = set()
    for document in estate.documents:
        # Documents of the same text share one value, and one look at it is enough.
        if id(document.value) in sound or not document.kind or not document.api_version:
            continue
        found = list(_problems(document)) if document.group != "kustomize.config.k8s.io" else []
        if not found:
            sound.add(id(document.value))
        yield from found


def _problems(document: Document) -> Iterator[Problem]:
    yield from _labels(document, ("metadata", "labels"))
    yield from _keys(document, ("metadata", "annotations"), "annotation")
    if document.kind in {"Secret", "ConfigMap"} and not document.group:
        for part in ("data", "stringData", "binaryData"):
            yield from _data(document, part)


def _each(document: Document, pointer: Pointer) -> Iterator[tuple[str, Any]]:
    found = dig(document.value, pointer)
    for key, value in found.items() if isinstance(found, dict) else ():
        if isinstance(key, str) and not _TEMPLATED.search(key):
            yield key, value


def _labels(document: Document, pointer: Pointer) -> Iterator[Problem]:
    yield from _keys(document, pointer, "label")
    for key, value in _each(document, pointer):
        if not isinstance(value, str) or _TEMPLATED.search(value):
            continue
        at = document.ref(*pointer, key)
        if value and not NAME.fullmatch(value):
            if _told(document, (*pointer, key)):
                continue
            text = f"value `{value}` of label `{key}` is refused: up to 63 letters, digits, `-`, `_` and `.`, no space"
            yield Problem(at, text)
        elif key.startswith(SECURITY) and not key.endswith("-version") and value not in LEVELS:
            yield Problem(
                at, f"`{value}` is no Pod Security level, allowed are {', '.join(f'`{one}`' for one in LEVELS)}"
            )


def _told(document: Document, pointer: Pointer) -> bool:
    """Return whether the schema of the kind tells it."""
    return any(one.pointer == pointer for one in schema.check(document.api_version, document.kind, document.value))


def _keys(document: Document, pointer: Pointer, what: str) -> Iterator[Problem]:
    for key, _ in _each(document, pointer):
        # An annotation's key is compared in lower case.
        prefix, slash, name = (key.lower() if what == "annotation" else key).rpartition("/")
        wrong = ""
        if not NAME.fullmatch(name):
            wrong = "a name of up to 63 letters, digits, `-`, `_` and `.`, that begins and ends with a letter or digit"
        elif slash and (len(prefix) > MAX_PREFIX or not PREFIX.fullmatch(prefix)):
            wrong = "a DNS name in lower case before one `/`"
        if wrong:
            yield Problem(document.ref(*pointer, key, key=True), f"{what} key `{key}` is refused: it must be {wrong}")


def _data(document: Document, part: str) -> Iterator[Problem]:
    for key, _ in _each(document, (part,)):
        if not DATA.fullmatch(key) or key in {".", ".."}:
            text = (
                f"key `{key}` of {document.kind} `{document.name}` is refused: letters, digits, `-`, `_` and `.` only"
            )
            yield Problem(document.ref(part, key, key=True), text)
