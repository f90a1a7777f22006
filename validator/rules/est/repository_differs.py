"""The clusters pull from another repository or branch than the estate file says.

What it finds:
    The Flux GitRepository of a sync root, or an Argo CD Application that applies a folder of this repository,
    with another URL or branch than `git` in `estate.yaml`.

Why it matters:
    The site goes on with what the old repository or branch holds. It looks healthy, and follows no change made
    here.
    Source: fluxcd.io, GitRepository spec.url and spec.ref; argo-cd.readthedocs.io, Application source.

Bad:
    # estate.yaml
    git: {url: https://git.example.com/platform/estate.git, branch: main}
    # GitRepository
    spec: {url: https://git.example.com/platform/estate-old.git, ref: {branch: main}}

Good:
    spec: {url: https://git.example.com/platform/estate.git, ref: {branch: main}}

Fix:
    Write the repository and branch that are meant into both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.read.kustomize import join
from validator.read.manifest import Manifest, dig
from validator.read.origin import is_foreign
from validator.rules import rule
from validator.rules.est._declared import differs, entries

DEFAULT_BRANCH = "master"
"""What source-controller follows where `ref` says nothing."""
PINS = ("commit", "name", "semver", "tag")
"""What goes before the branch, in this order."""


@rule("EST209", Severity.ERROR, sources=("EST", "fluxcd.io GitRepository v1"))
def check(estate: Estate) -> Iterator[Problem]:
    git = dig(estate.declared.resolved, ("git",)) if estate.declared else None
    if estate.declared is None or not isinstance(git, dict) or not any(True for _ in entries(estate)):
        return
    for cluster in estate.clusters:
        for source in cluster.of("GitRepository", flux.SOURCE):
            if not _is_declared(source, git) and _is_pulled(estate, cluster, source.name):
                yield from _compare(estate, source, ("spec", "url"), ("spec", "ref", "branch"), git)
                yield from _fixed(estate, source, git)
        for application in cluster.of("Application", argocd.GROUP):
            for pointer, item in argocd.sources(application):
                path, url = item.get("path"), item.get("repoURL")
                folder = join("", path.lstrip("/")) if isinstance(path, str) else None
                # Every repository has a root: it says nothing of which one is meant.
                if folder in estate.folders.folders and (folder or not is_foreign(url, "", estate.folders)):
                    yield from _compare(estate, application, (*pointer, "repoURL"), (*pointer, "targetRevision"), git)


def _is_declared(source: Manifest, git: dict[str, str]) -> bool:
    """Return whether a source follows the declared branch of the declared repository, in the same words."""
    ref = source.spec.get("ref")
    return source.spec.get("url") == git.get("url") and ref == {"branch": git.get("branch")}


def _is_pulled(estate: Estate, cluster: Cluster, name: str) -> bool:
    """Return whether a Flux Kustomization applies a folder of this repository out of the source of a name."""
    for item in cluster.of("Kustomization", flux.KUSTOMIZE):
        reference = item.spec.get("sourceRef")
        meant = isinstance(reference, dict) and str(reference.get("name")) == name and item.spec.get("path")
        if meant and flux.local_path(item, estate.folders) is not None:
            return True
    return False


def _compare(
    estate: Estate,
    manifest: Manifest,
    url: tuple[str | int, ...],
    branch: tuple[str | int, ...],
    git: dict[str, str],
) -> Iterator[Problem]:
    for pointer, key in ((url, "url"), (branch, "branch")):
        given = manifest.get(*pointer)
        if given is None and key == "branch" and manifest.kind == "GitRepository" and not _pinned(manifest):
            given = DEFAULT_BRANCH
        if isinstance(given, str) and estate.declared and _plain(given) != _plain(git[key]) and given != "HEAD":
            what = f"the {'repository' if key == 'url' else key} of {manifest.kind} `{manifest.name}`"
            yield differs(manifest.at(*pointer), what, given, git[key], estate.declared.at("git", key))


def _fixed(estate: Estate, manifest: Manifest, git: dict[str, str]) -> Iterator[Problem]:
    """Yield what a source follows instead of the branch."""
    for key in PINS if estate.declared is not None else ():
        given = manifest.get("spec", "ref", key)
        if isinstance(given, str) and given and estate.declared is not None:
            at, what = manifest.at("spec", "ref", key), f"the revision of GitRepository `{manifest.name}`"
            found = differs(at, what, f"{key} {given}", f"branch {git['branch']}", estate.declared.at("git", "branch"))
            yield replace(found, severity=Severity.WARNING)
            return


def _pinned(manifest: Manifest) -> bool:
    """Return whether a source follows a tag, a commit or a range instead of a branch."""
    return any(manifest.get("spec", "ref", key) for key in PINS)


def _plain(text: str) -> str:
    return text.rstrip("/").removesuffix(".git")
