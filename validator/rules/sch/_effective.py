"""What patches make of an object: such a result is checked beside what is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from validator.model import Estate
from validator.read.documents import Document
from validator.read.kustomize import join
from validator.read.manifest import Manifest
from validator.schema import SchemaProblem

METADATA = ("metadata",)
_SUGGESTED = re.compile(r"did you mean `([^`]+)`")


def patch_files(estate: Estate) -> set[str]:
    """Return the paths of files that kustomizations use as patches."""
    found: set[str] = set()
    for document in estate.kustomizations:
        folder = document.path.rpartition("/")[0]
        for key in ("patches", "patchesJson6902", "patchesStrategicMerge"):
            entries = document.value.get(key)
            for entry in entries if isinstance(entries, list) else []:
                path = entry.get("path") if isinstance(entry, dict) else entry
                if isinstance(path, str) and "\n" not in path:
                    found.add(join(folder, path))
    return found


def is_helm_template(estate: Estate, document: Document) -> bool:
    """Return whether a document is a template of a Helm chart that stands in the repository."""
    folders = document.path.split("/")[:-1]
    charts = ("/".join(folders[:index]) for index, name in enumerate(folders) if name in {"templates", "crds"})
    return any(estate.folders.documents(f"{chart}/Chart.yaml" if chart else "Chart.yaml") for chart in charts)


def patched(estate: Estate) -> Iterator[Manifest]:
    """Yield the objects that patches change outside of their metadata."""
    for cluster in estate.clusters:
        for manifest in cluster.manifests:
            pointers = [overlay.pointer for overlay in manifest.overlays]
            if pointers and () not in pointers and any(pointer[:1] != METADATA for pointer in pointers):
                yield manifest


def applied(estate: Estate, document: Document) -> list[Manifest]:
    """Return what becomes of a document in the clusters, or in any kustomization where no cluster is known to take it."""
    if id(document) not in estate.readers:
        return estate.built.get(id(document), [])
    return [m for cluster in estate.clusters for m in cluster.manifests if m.document is document]


def without_echo(problems: Iterable[SchemaProblem]) -> list[SchemaProblem]:
    """Drop a field that is missing where a misspelt one beside it was meant to be that field."""
    found = list(problems)
    meant = {(one.pointer[:-1], match[1]) for one in found if one.at_key and (match := _SUGGESTED.search(one.message))}
    return [one for one in found if one.keyword != "required" or (one.pointer, _missing(one)) not in meant]


def _missing(problem: SchemaProblem) -> str:
    """Return the name of the field that a message says is missing."""
    text = problem.message.partition("`")[2].partition("`")[0]
    return text.rpartition(".")[2]
