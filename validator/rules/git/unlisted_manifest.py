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
    listed: dict[tuple[str, str], Ref] = {}
    named: set[str] = set()
    texts: dict[int, tuple[list[str], list[str]]] = {}
    for document in estate.kustomizations:
        folder = document.path.rpartition("/")[0]
        if id(document.value) not in texts:  # files of the same text share one value
            whole = [text.rpartition("=")[2] for text in _texts(document.value)]
            texts[id(document.value)] = (whole, strings(document.value, "resources"))
        whole, resources = texts[id(document.value)]
        for text in whole:
            path = join(folder, text)
            if path and path.rpartition("/")[0] == folder:
                named.add(path)
            else:
                named.update(_prefixes(path, folder))
        keys = tuple(_keys(folder))
        for index, entry in enumerate(resources):
            for key in keys:
                if (key, entry) not in listed:
                    listed[key, entry] = document.ref("resources", index)
    for document in estate.kustomizations:
        if not missing(estate, document):
            yield from _left_out(estate, document, listed, named)


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


def _holds_objects(documents: list[Document]) -> bool:
    return any(document.kind for document in documents)


def _left_out(
    estate: Estate, document: Document, listed: dict[tuple[str, str], Ref], named: set[str]
) -> Iterator[Problem]:
    folder = document.path.rpartition("/")[0]
    here = estate.folders.folders[folder]
    files = [name for name, found in here.files.items() if name not in FILE_NAMES and _holds_objects(found)]
    keys = tuple(_keys(folder))
    for entry in (*files, *(path.rpartition("/")[2] for path in here.folders)):
        if join(folder, entry) in named:
            continue
        other = next((listed[key, entry] for key in keys if (key, entry) in listed), None)
        if other is not None and not _is_put_out(document, entry):
            text = f"`{entry}` is in this folder, but not listed: nothing applies it"
            yield Problem(document.ref("resources"), text, ((other, "another one lists its own here"),))
