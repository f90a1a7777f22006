"""A kustomization lists a file or folder that does not exist.

What it finds:
    `resources`, `components`, patch and generator files of a kustomization.yaml that are not in the repository.

Why it matters:
    kustomize stops at the first one: `accumulating resources: no such file or directory`. Flux and Argo CD then
    apply nothing of the whole path, and nothing that depends on it.
    Source: kubernetes-sigs/kustomize api/internal/target/kusttarget.go accumulateResources.

Bad:
    resources: [relase.yaml]

Good:
    resources: [release.yaml]

Fix:
    Write the path as it is, relative to the kustomization.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.once import once
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.kustomize import join, remote
from validator.rules import rule

LISTS = ("resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge", "patches")


@rule(
    "GIT112", Severity.ERROR, sources=("GIT", "kubernetes-sigs/kustomize api/internal/target/kusttarget.go"), early=True
)
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.kustomizations:
        here = estate.folders.folders[document.path.rpartition("/")[0]]
        for pointer, entry in missing(estate, document):
            near = nearest(entry, [*here.files, *(name.rpartition("/")[2] for name in here.folders)])
            hint = f", did you mean `{near}`?" if near else ""
            text = f"`{entry}` is not in the repository: kustomize stops and nothing of this folder is applied{hint}"
            yield Problem(document.ref(*pointer), text)


def missing(estate: Estate, document: Document) -> list[tuple[Pointer, str]]:
    """Return the entries of a kustomization that are not in the repository."""
    return _missing(estate).get(id(document), [])


@once
def _missing(estate: Estate) -> dict[int, list[tuple[Pointer, str]]]:
    return {id(document): found for document in estate.kustomizations if (found := list(_absent(estate, document)))}


def _absent(estate: Estate, document: Document) -> Iterator[tuple[Pointer, str]]:
    folder = document.path.rpartition("/")[0]
    if estate.folders.documents(join(folder, "Chart.yaml")):
        return  # what the chart gives is written beside it before kustomize runs
    for pointer, entry in _entries(document):
        path = join(folder, entry)
        known = path in estate.folders.folders or estate.folders.documents(path)
        if not known and not remote(entry) and "\n" not in entry and not _there(estate, path):
            yield pointer, entry


def _there(estate: Estate, path: str) -> bool:
    """Return whether a file is there all the same: it may be empty, or no YAML."""
    found = Path(estate.root, path)
    return found.exists() or found.is_symlink()


def _entries(document: Document) -> Iterator[tuple[Pointer, str]]:
    for key in LISTS:
        found = document.value.get(key)
        for index, entry in enumerate(found if isinstance(found, list) else []):
            if isinstance(entry, str):
                yield (key, index), entry
    for key in ("patches", "patchesJson6902"):
        found = document.value.get(key)
        for index, entry in enumerate(found if isinstance(found, list) else []):
            if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                yield (key, index, "path"), entry["path"]
