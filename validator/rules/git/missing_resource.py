"""A kustomization lists a file or folder that does not exist.

What it finds:
    `resources`, `components`, patch and generator files of a kustomization.yaml that are not in the repository;
    and files that are commented out as a whole (a warning).

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

import os
import posixpath
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.once import once
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.kustomize import join, remote
from validator.rules import rule

COMMENTED = re.compile(r"\s*#\s*kind: ")
MAX_EMPTY = 1_000_000
"""Size in bytes up to which a file is looked into."""
LISTS = ("resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge", "patches")


@rule(
    "GIT112", Severity.ERROR, sources=("GIT", "kubernetes-sigs/kustomize api/internal/target/kusttarget.go"), early=True
)
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.untidy:
        here = estate.folders.folders[document.path.rpartition("/")[0]]
        for pointer, entry in missing(estate, document):
            near = nearest(entry, [*here.files, *(name.rpartition("/")[2] for name in here.folders)])
            hint = f", did you mean `{near}`?" if near else ""
            text = f"`{entry}` is not in the repository: kustomize stops and nothing of this folder is applied{hint}"
            yield Problem(document.ref(*pointer), text)
        for pointer, entry, path in _unknown(estate).get(id(document), ()):
            if pointer[0] == "resources" and _is_commented_out(estate, path):
                text = f"`{entry}` is commented out: what it held is gone from the cluster, or never arrives"
                yield Problem(document.ref(*pointer), text, severity=Severity.WARNING)


def _is_commented_out(estate: Estate, path: str) -> bool:
    """Return whether a file is there and has nothing but comments in it, among them an object."""
    if not path.endswith((".yaml", ".yml")):
        return False
    found = posixpath.join(estate.root, path)
    try:
        status = os.lstat(found)
    except (OSError, ValueError):
        return False
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_EMPTY:
        return False
    return _is_comment(Path(found).read_bytes())


@lru_cache(maxsize=8)
def _is_comment(data: bytes) -> bool:
    """Return whether a text has nothing but comments in it, among them an object."""
    lines = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").splitlines()
    if not any(COMMENTED.match(line) for line in lines):
        return False
    return all(not line.strip() or line.startswith(("---", "...")) or line.lstrip().startswith("#") for line in lines)


def missing(estate: Estate, document: Document) -> list[tuple[Pointer, str]]:
    """Return the entries of a kustomization that are not in the repository."""
    return _missing(estate).get(id(document), [])


@once
def _missing(estate: Estate) -> dict[int, list[tuple[Pointer, str]]]:
    return {id(document): found for document in estate.untidy if (found := list(_absent(estate, document)))}


@once
def _unknown(estate: Estate) -> dict[int, list[tuple[Pointer, str, str]]]:
    """Return the entries of which nothing has been read, each with its path."""
    found: dict[int, list[tuple[Pointer, str, str]]] = {}
    entries: dict[int, list[tuple[Pointer, str]]] = {}
    folders = estate.folders.folders
    for document in estate.untidy:
        folder = document.path.rpartition("/")[0]
        value = id(document.value)
        if value not in entries:  # files of the same text share one value
            entries[value] = list(_entries(document))
        files = folders[folder].files
        for pointer, entry in entries[value]:
            if entry in files:
                continue  # as most are
            path = join(folder, entry)
            if path not in folders and not estate.folders.documents(path):
                found.setdefault(id(document), []).append((pointer, entry, path))
    return found


def _absent(estate: Estate, document: Document) -> Iterator[tuple[Pointer, str]]:
    unknown = _unknown(estate).get(id(document), ())
    if unknown and estate.folders.documents(join(document.path.rpartition("/")[0], "Chart.yaml")):
        return  # what the chart gives is written beside it before kustomize runs
    for pointer, entry, path in unknown:
        if not remote(entry) and "\n" not in entry and not _there(estate, path):
            yield pointer, entry


def _there(estate: Estate, path: str) -> bool:
    """Return whether a file is there all the same: it may be empty, or no YAML."""
    return os.path.lexists(posixpath.join(estate.root, path))


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
