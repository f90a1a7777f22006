"""A sync of this repository points to a folder that does not exist.

What it finds:
    `path` of a Flux Kustomization, or of a source of an Argo CD Application, that is not in the repository,
    while others with the same source apply folders of it.

Why it matters:
    Flux reports `kustomization path not found`, Argo CD `app path does not exist`. What was applied from the
    old path stays, and follows no change; with an empty path beside it, `prune` removes it.
    Source: fluxcd/kustomize-controller internal/controller/kustomization_controller.go; argo-cd util/io/path.

Bad:
    kind: Kustomization
    spec: {path: ./sites/site01/clusters/wld/akoo}

Good:
    kind: Kustomization
    spec: {path: ./sites/site01/clusters/wld/ako}

Fix:
    Write the path from the root of the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.read.kustomize import join
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("GIT113", Severity.ERROR, sources=("GIT", "fluxcd/kustomize-controller internal/controller"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    syncs = [m for m in estate.objects("Kustomization") if flux.is_kustomization(m)]
    urls = _urls(estate)
    entries = [(_source(m, urls), m.spec.get("path"), m.at("spec", "path"), m) for m in syncs]
    for manifest in estate.objects("Application"):
        for pointer, source in argocd.sources(manifest) if argocd.is_application(manifest) else ():
            if "chart" not in source:
                at = manifest.at(*pointer, "path")
                entries.append((str(source.get("repoURL")), source.get("path"), at, manifest))
    own = {name for name, path, _, _ in entries if name and _known(estate, path)}
    for name, path, at, manifest in entries:
        if name in own and isinstance(path, str) and "${" not in path and not _known(estate, path):
            yield _problem(estate, path, at, manifest)


def _urls(estate: Estate) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for kind in ("GitRepository", "OCIRepository", "Bucket"):
        for source in estate.objects(kind):
            if source.group == flux.SOURCE:
                found.setdefault((kind, source.name), set()).add(str(source.spec.get("url")))
    return found


def _source(manifest: Manifest, known: dict[tuple[str, str], set[str]]) -> str | None:
    """Name the repository behind a Kustomization: its URL where the source is here, else the source itself."""
    reference = manifest.spec.get("sourceRef")
    if not isinstance(reference, dict):
        return None
    kind, name = str(reference.get("kind")), str(reference.get("name"))
    urls = known.get((kind, name), set())
    return next(iter(urls)) if len(urls) == 1 else f"{kind}/{name}"


def _known(estate: Estate, path: Any) -> bool:
    if not isinstance(path, str) or not path.strip("./"):
        return False
    folder = join("", path.lstrip("/"))
    return folder in estate.folders.folders or Path(estate.root, folder).is_dir()


def _problem(estate: Estate, path: str, at: Ref, manifest: Manifest) -> Problem:
    parent, _, last = join("", path.lstrip("/")).rpartition("/")
    here = estate.folders.folders.get(parent)
    near = nearest(last, [name.rpartition("/")[2] for name in here.folders]) if here else None
    text = f"{manifest.kind} `{manifest.name}` applies `{path}`, which is not in the repository"
    return Problem(at, text + (f", did you mean `{parent}/{near}`?" if near else ""))
