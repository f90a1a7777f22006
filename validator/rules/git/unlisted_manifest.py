"""A file that the kustomization of its folder leaves out, while the same file is listed elsewhere.

What it finds:
    A file or folder with Kubernetes objects beside a kustomization.yaml that does not list it, when a folder of
    the same name in another cluster or site has a kustomization.yaml that lists the file of that name.

Why it matters:
    Nothing applies it. With `prune`, Flux deletes what it had applied from it: one site silently loses a
    release, a policy or an application that the others have.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Prune; kustomize, resources.

Bad:
    # site01/ako/kustomization.yaml
    resources: [source.yaml, release.yaml]
    # site02/ako/kustomization.yaml
    resources: [source.yaml]

Good:
    # site02/ako/kustomization.yaml
    resources: [source.yaml, release.yaml]

Fix:
    List it, or remove the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.once import once
from validator.read.documents import Document, Ref
from validator.read.kustomize import FILE_NAMES, join, strings
from validator.rules import rule
from validator.rules.git.missing_resource import missing


@rule(
    "GIT115",
    Severity.WARNING,
    sources=("GIT", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"),
    early=True,
)
def check(estate: Estate) -> Iterator[Problem]:
    named = _Named(estate)
    for document in estate.untidy:
        if (entries := named.left_out(document)) and not missing(estate, document):
            yield from _left_out(estate, document, entries)


class _Named:
    """The files and folders that kustomizations name, in whatever list, but for those that name all there is."""

    def __init__(self, estate: Estate) -> None:
        self._folders = estate.folders.folders
        self._inside: dict[str, frozenset[str]] = {}
        """Names within each folder, as its own kustomization has them."""
        self._elsewhere: set[str] = set()
        """Paths of what is named in another way."""
        known: dict[int, tuple[frozenset[str], list[str]]] = {}
        for document in estate.untidy:
            folder = document.path.rpartition("/")[0]
            value = id(document.value)
            if value not in known:  # files of the same text share one value
                texts = {text.rpartition("=")[2] for text in _texts(document.value)}
                names = frozenset(text for text in texts if text and text[0] != "." and "/" not in text)
                known[value] = names, sorted(texts - names)
            names, others = known[value]
            self._inside[folder] = self._inside[folder] | names if folder in self._inside else names
            for text in others:
                path = join(folder, text)
                if path and path.rpartition("/")[0] == folder:
                    self._elsewhere.add(path)
                else:
                    self._elsewhere.update(_prefixes(path, folder))

    def left_out(self, document: Document) -> list[str]:
        """Return the files with objects and the folders beside a kustomization that none names."""
        folder = document.path.rpartition("/")[0]
        here, names = self._folders[folder], self._inside[folder]
        found = [name for name in here.files if name not in names and name not in FILE_NAMES]
        found = [name for name in found if any(one.kind for one in here.files[name])]
        found += [name for path in here.folders if (name := path.rpartition("/")[2]) not in names]
        return [name for name in found if join(folder, name) not in self._elsewhere]


@once
def _listed(estate: Estate) -> dict[tuple[str, str], Ref]:
    """Return where an entry is listed first in folders alike."""
    found: dict[tuple[str, str], Ref] = {}
    for document in estate.kustomizations:
        keys = tuple(_keys(document.path.rpartition("/")[0]))
        for index, entry in enumerate(strings(document.value, "resources")):
            for key in keys:
                if (key, entry) not in found:
                    found[key, entry] = document.ref("resources", index)
    return found


def _prefixes(path: str, folder: str) -> Iterator[str]:
    """Yield a path and the folders above it, up to the one of the kustomization."""
    while path and path != folder:
        yield path
        path = path.rpartition("/")[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _keys(folder: str) -> Iterator[str]:
    """Yield what tells that two folders are alike: their name, and the name of the folder that they are among."""
    parent, _, name = folder.rpartition("/")
    yield name
    yield f"{parent.rpartition('/')[2]}/*"


def _is_put_out(document: Document, entry: str) -> bool:
    """Return whether a line that would list a file is a comment: somebody has left it out on purpose."""
    return (
        re.search(
            rf"^\s*#.*(?<![\w.-]){re.escape(entry)}(?![\w.-])", document.data.decode(errors="replace"), re.MULTILINE
        )
        is not None
    )


def _left_out(estate: Estate, document: Document, entries: list[str]) -> Iterator[Problem]:
    listed = _listed(estate)
    keys = tuple(_keys(document.path.rpartition("/")[0]))
    for entry in entries:
        other = next((listed[key, entry] for key in keys if (key, entry) in listed), None)
        if other is not None and not _is_put_out(document, entry):
            text = f"`{entry}` is in this folder, but not listed: nothing applies it"
            yield Problem(document.ref("resources"), text, ((other, "another one lists its own here"),))
