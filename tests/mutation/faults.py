"""Single faults: each key of an estate's manifests dropped, misspelt, given another type or value, or another site's."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any

import yaml

from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.files import GSLB_DATA, SourceFile
from validator.read.manifest import dig
from validator.read.reading import contents_of

KINDS = frozenset(
    """HelmRelease Application Kustomization OCIRepository HelmRepository GitRepository Ingress Namespace Secret
    SealedSecret ExternalSecret Cluster GSLBHostRule ServiceAccount DNSEndpoint Estate Gslb Tanzu""".split()
)
"""Kinds that are broken, and files that are no objects; of each all keys but `status`."""
ESTATE_FILE = "estate.yaml"
CONFIGURATION = "/tanzu/management-cluster.yaml"
KIND_OF = {ESTATE_FILE: "Estate", GSLB_DATA: "Gslb"}
"""What is broken by its path, as it has no kind of its own."""


def kind_of(document: Document) -> str:
    """Return the kind of an object, and what a file is that holds none."""
    if document.path.endswith(CONFIGURATION):
        return "Tanzu"
    return KIND_OF.get(document.path, document.kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of one document."""

    document: Document
    pointer: Pointer
    way: str
    value: dict[str, Any]
    """The whole document after the change."""

    @property
    def place(self) -> str:
        """Return the pointer as tables name it: steps with dots between them."""
        return ".".join(str(step) for step in self.pointer)

    @property
    def kind(self) -> str:
        """Return the kind of the object; for a file that has none, what it is: `Estate`, `Gslb`, `Tanzu`."""
        return kind_of(self.document)

    @property
    def name(self) -> str:
        return f"{self.document.path} {self.kind} {self.document.name} {self.place} {self.way}"

    def documents(self, whole: list[Document]) -> list[Document]:
        """Return the documents of the estate with this one changed; all others are the same objects."""
        path = self.document.path
        parts = [
            yaml.safe_dump(self.value if found is self.document else found.value, sort_keys=False, width=4096)
            for found in whole
            if found.path == path
        ]
        head = _head(self.document) if self.kind == "Tanzu" else ""
        changed = contents_of([SourceFile(path, (head + "---\n".join(parts)).encode())])
        assert not changed.unreadable, changed.unreadable
        at = next(index for index, found in enumerate(whole) if found.path == path)
        rest = [found for found in whole if found.path != path]
        return [*rest[:at], *changed.documents, *rest[at:]]


def _head(document: Document) -> str:
    """Return the comment that a file begins with: it says which variables the environment gives."""
    lines = document.data.decode().splitlines(keepends=True)
    return "".join(takewhile(lambda line: line.startswith("#"), lines))


def faults(documents: list[Document]) -> Iterator[Fault]:
    """Yield every fault, in the order of the documents."""
    by_path = {(document.path, document.index): document for document in documents}
    for document in documents:
        if not isinstance(document.value, dict) or kind_of(document) not in KINDS:
            continue
        if document.api_version.startswith("kustomize.config.k8s.io"):
            continue
        for pointer in pointers(document.value):
            for way, value in changes(document, pointer, by_path):
                yield Fault(document, pointer, way, value)


def pointers(value: Any, base: Pointer = ()) -> Iterator[Pointer]:
    """Yield the pointer of every value below `value`."""
    if isinstance(value, dict):
        items: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return
    for step, child in items:
        yield (*base, step)
        yield from pointers(child, (*base, step))


def changes(
    document: Document, pointer: Pointer, by_path: dict[tuple[str, int], Document]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each way to break one place, with the document that it makes."""
    here = dig(document.value, pointer)
    yield "dropped", _changed(document.value, pointer, _drop)
    if isinstance(pointer[-1], str):
        yield "misspelt", _changed(document.value, pointer, _misspell)
    for way, new in _others(here):
        yield way, _changed(document.value, pointer, partial(_put, new))
    if not isinstance(here, dict | list):
        there = _elsewhere(document, pointer, by_path)
        if there is not None and there != here:
            yield "of another site", _changed(document.value, pointer, lambda p, last: p.__setitem__(last, there))


def _others(here: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(here, bool):
        yield "flipped", not here
        yield "as a string", str(here).lower()
    elif isinstance(here, int):
        yield "out of range", -here - 1
        yield "as a string", f"{here}x"
    elif isinstance(here, str):
        yield "another value", f"{here}-x"
        yield "another type", 7
        if here.lower() in {"true", "false"}:
            yield "as a boolean", here.lower() == "true"
    elif isinstance(here, list):
        yield "another type", "text"
        if here:
            yield "last item twice", [*here, copy.deepcopy(here[-1])]
    elif isinstance(here, dict):
        yield "another type", "text"


def _changed(value: Any, pointer: Pointer, change: Callable[[Any, Any], None]) -> Any:
    made = copy.deepcopy(value)
    change(dig(made, pointer[:-1]), pointer[-1])
    return made


def _put(new: Any, parent: Any, last: Any) -> None:
    parent[last] = new


def _drop(parent: Any, last: Any) -> None:
    del parent[last]


def _misspell(parent: Any, last: Any) -> None:
    wrong = last[:-2] + last[-1] + last[-2] if len(last) > 2 and last[-1] != last[-2] else f"{last}x"
    items = [(wrong if key == last else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)


def _elsewhere(document: Document, pointer: Pointer, by_path: dict[tuple[str, int], Document]) -> Any:
    """Return what another site has at the same place."""
    if document.path == ESTATE_FILE and pointer[0] == "sites" and len(pointer) > 1:
        count = len(document.value["sites"])
        return dig(document.value, ("sites", (int(pointer[1]) + 1) % count, *pointer[2:]))
    sibling = _sibling(document, by_path)
    return dig(sibling.value, pointer) if sibling is not None else None


def _sibling(document: Document, by_path: dict[tuple[str, int], Document]) -> Document | None:
    match = re.match(r"sites/([^/]+)/", document.path)
    if match is None:
        return None
    for (path, index), found in by_path.items():
        other = re.match(r"sites/([^/]+)/", path)
        elsewhere = other is not None and other[1] != match[1] and index == document.index
        if other and elsewhere and path.replace(other[1], match[1]) == document.path:
            return found
    return None
