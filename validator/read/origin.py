"""Which git repository the files are from: syncs and Applications name many, and only one of them is this one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from validator.estate_file import ESTATE_FILE
from validator.nearness import distance
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig

if TYPE_CHECKING:
    from validator.read.kustomize import Tree

BOOTSTRAP = "flux-system"
"""Name of the source that `flux bootstrap` makes; it is always the repository that the cluster is synced from."""
SLIP = 2
"""Letters by which an address may differ and still be meant for this repository."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def normal(url: Any) -> str | None:
    """Return the path of a repository's address: the same for https, ssh, a mirror's host, with and without `.git`."""
    if not isinstance(url, str) or not url:
        return None
    url = url.strip()
    rest = _SCHEME.sub("", url)
    host, _, path = rest.partition("/") if _SCHEME.match(url) else rest.replace(":", "/", 1).partition("/")
    path = path.rstrip("/").removesuffix(".git").lower()
    return path or host.lower()


def own(tree: Tree) -> frozenset[str]:
    """Return the addresses of this repository, normalised; empty where nothing tells them.

    It is what the estate file says, and what applies the folder that it stands in itself; else whatever is applied
    from a folder that is here.
    """
    found = {normal(dig(document.value, ("git", "url"))) for document in tree.documents(ESTATE_FILE)}
    syncs = list(_syncs(tree))
    found.update(url for url, sync, path in syncs if _is_inside(sync, path))
    found.discard(None)
    if not found:
        found.update(url for url, _, path in syncs if _folder(path) in tree.folders)
    return frozenset(url for url in found if url)


def _syncs(tree: Tree) -> Iterator[tuple[str | None, Manifest, Any]]:
    """Yield what is applied from a git repository: its address, the object that says so, the path."""
    for sync in tree.objects("kustomize.toolkit.fluxcd.io", "Kustomization"):
        path = sync.spec.get("path")
        is_bootstrap = dig(sync.spec, ("sourceRef", "name")) == BOOTSTRAP
        yield normal(flux_url(sync, tree)), sync, sync.document.path if is_bootstrap else path
    for application in tree.objects("argoproj.io", "Application"):
        for source in _sources(application):
            yield normal(source.get("repoURL")), application, source.get("path")


def _sources(application: Manifest) -> Iterator[dict[str, Any]]:
    """Yield the sources of an Application that are git repositories."""
    many = application.spec.get("sources")
    for source in many if isinstance(many, list) else [application.spec.get("source")]:
        if isinstance(source, dict) and "chart" not in source:
            yield source


def _folder(path: Any) -> str | None:
    """Return a path as a folder of the repository, None for its root or no path at all."""
    folder = posixpath.normpath(path.lstrip("/")) if isinstance(path, str) and path else "."
    return None if folder == "." else folder


def _is_inside(manifest: Manifest, path: Any) -> bool:
    folder = _folder(path)
    return folder is not None and f"{manifest.document.path}/".startswith(f"{folder}/")


def flux_url(sync: Manifest, tree: Tree, at: Pointer = ("spec", "sourceRef")) -> str | None:
    """Return the address behind the `sourceRef` of a Flux object, None where the source is not in the repository."""
    reference = dig(sync.value, at)
    if not isinstance(reference, dict):
        return None
    namespace = reference.get("namespace") or sync.namespace
    found = [
        source
        for source in tree.sources.get((str(reference.get("kind")), str(reference.get("name"))), ())
        if not namespace or source.namespace in {namespace, ""}
    ]
    if len(found) > 1:
        folder = f"{posixpath.dirname(sync.document.path)}/"
        found.sort(key=lambda source: -len(posixpath.commonprefix([folder, source.document.path])))
    url = found[0].spec.get("url") if found else None
    return url if isinstance(url, str) else None


def is_foreign(url: Any, folder: str, tree: Tree) -> bool:
    """Return whether a source is another repository, so that a folder of the same name here has nothing to do with it.

    A slip of the pen in the address leaves it this one. Where nothing tells the address of this repository, a folder
    that is there is taken for the one that is meant, but not the root, which every repository has.
    """
    known = tree.own
    address = normal(url)
    if address in known:
        return False
    if not known:
        return not folder and len({one for one, _, _ in _syncs(tree)}) > 1
    if address is None:
        return not folder
    return not _is_slip(address, known)


@cache
def _is_slip(address: str, known: frozenset[str]) -> bool:
    return any(distance(address, one) <= SLIP for one in known)
