"""A cluster applies the folder of another cluster.

What it finds:
    A Flux Kustomization or an Argo CD Application whose path lies in, is, or holds a folder that another cluster
    syncs itself from, and that is for no other cluster (`kubeConfig`, `destination`). Also one without `path`, as
    that means the whole repository.

Why it matters:
    The cluster gets the other one's AKO and AMKO: with its name, its context and its network, so that two AKO
    write the same objects in Avi, and two AMKO hold themselves for one cluster. What it had of its own is pruned.
    Source: fluxcd/kustomize-controller docs/spec/v1, Path (default: the root of the source).

Bad:
    # sites/site02/clusters/wld-b/sync.yaml
    kind: Kustomization
    spec: {path: ./sites/site01/clusters/wld-a/ako}

Good:
    # sites/site02/clusters/wld-b/sync.yaml
    kind: Kustomization
    spec: {path: ./sites/site02/clusters/wld-b/ako}

Fix:
    Apply the cluster's own folder. What clusters share belongs into a folder that is in no cluster's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("GIT121", Severity.ERROR, sources=("GIT", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    strays: dict[int, str] = estate.folders.strays
    if not strays:
        return
    for kind in ("Kustomization", "Application"):
        for item in estate.objects(kind):
            root = strays.get(id(item.document))
            if root is not None and (flux.is_kustomization(item) or argocd.is_application(item)):
                at, path = _place(item, root)
                what = f"applies `{path}`" if path else "has no `path`, which means the whole repository"
                yield Problem(
                    at,
                    f"{kind} `{item.name}` {what}, but `{root}` is the folder that another cluster syncs itself from",
                )


def _place(item: Manifest, root: str) -> tuple[Ref, str]:
    if flux.is_kustomization(item):
        path = item.spec.get("path")
        return item.at("spec", "path") if path else item.at("spec"), str(path or "")
    for pointer, source in argocd.sources(item):
        path = str(source.get("path") or "")
        folder = path.strip("./")
        if path and (f"{root}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{root}/") or not folder):
            return item.at(*pointer, "path"), path
    return item.at("spec"), ""
