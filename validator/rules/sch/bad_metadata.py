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
from functools import lru_cache
from typing import Any

from validator import schema
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules._texts import judged

NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
DATA = re.compile(r"[-._a-zA-Z0-9]{1,253}")
LEVELS = ("privileged", "baseline", "restricted")
SECURITY = "pod-security.kubernetes.io/"
MAX_PREFIX = 253
_TEMPLATED = re.compile(r"\$\{|\{\{|\$\(")


@rule("SCH104", Severity.ERROR, sources=("SCH", "kubernetes/apimachinery pkg/util/validation/validation.go"))
def check(estate: Estate) -> Iterator[Problem]:
    yield from judged(estate, _problems, _is_object)


def _is_object(document: Document) -> bool:
    return bool(document.kind and document.api_version) and document.group != "kustomize.config.k8s.io"


def _problems(document: Document) -> Iterator[Problem]:
    if not _is_object(document):
        return
    yield from _labels(document, ("metadata", "labels"))
    yield from _keys(document, ("metadata", "annotations"), "annotation")
    if document.kind in {"Secret", "ConfigMap"} and not document.group:
        for part in ("data", "stringData", "binaryData"):
            yield from _data(document, part)


def _labels(document: Document, pointer: Pointer) -> Iterator[Problem]:
    yield from _keys(document, pointer, "label")
    found = dig(document.value, pointer)
    for key, value in found.items() if isinstance(found, dict) else ():
        fault = _value_fault(key, value) if isinstance(value, str) else ""
        if fault and not _told(document, (*pointer, key)):
            yield Problem(document.ref(*pointer, key), fault)


@lru_cache(maxsize=4096)
def _value_fault(key: Any, value: str) -> str:
    """Return why a label is refused for its value, empty where it is not."""
    if not isinstance(key, str) or _TEMPLATED.search(key) or _TEMPLATED.search(value):
        return ""
    if value and not NAME.fullmatch(value):
        return f"value `{value}` of label `{key}` is refused: up to 63 letters, digits, `-`, `_` and `.`, no space"
    if key.startswith(SECURITY) and not key.endswith("-version") and value not in LEVELS:
        return f"`{value}` is no Pod Security level, allowed are {', '.join(f'`{one}`' for one in LEVELS)}"
    return ""


def _told(document: Document, pointer: Pointer) -> bool:
    """Return whether the schema of the kind tells it."""
    return any(one.pointer == pointer for one in schema.check(document.api_version, document.kind, document.value))


def _keys(document: Document, pointer: Pointer, what: str) -> Iterator[Problem]:
    found = dig(document.value, pointer)
    for key in found if isinstance(found, dict) else ():
        if fault := _key_fault(what, key):
            yield Problem(document.ref(*pointer, key, key=True), f"{what} key `{key}` is refused: it must be {fault}")


@lru_cache(maxsize=4096)
def _key_fault(what: str, key: Any) -> str:
    """Return what a key must be and is not, empty where it is that, or cannot be known."""
    if not isinstance(key, str) or _TEMPLATED.search(key):
        return ""
    # An annotation's key is compared in lower case.
    prefix, slash, name = (key.lower() if what == "annotation" else key).rpartition("/")
    if not NAME.fullmatch(name):
        return "a name of up to 63 letters, digits, `-`, `_` and `.`, that begins and ends with a letter or digit"
    if slash and (len(prefix) > MAX_PREFIX or not PREFIX.fullmatch(prefix)):
        return "a DNS name in lower case before one `/`"
    return ""


def _data(document: Document, part: str) -> Iterator[Problem]:
    found = document.value.get(part)
    for key in found if isinstance(found, dict) else ():
        if _is_no_data_key(key):
            text = (
                f"key `{key}` of {document.kind} `{document.name}` is refused: letters, digits, `-`, `_` and `.` only"
            )
            yield Problem(document.ref(part, key, key=True), text)


@lru_cache(maxsize=4096)
def _is_no_data_key(key: Any) -> bool:
    if not isinstance(key, str) or _TEMPLATED.search(key):
        return False
    return not DATA.fullmatch(key) or key in {".", ".."}
