"""An application comes from another source than the estate file declares.

What it finds:
    A declared app with a `source` whose sync takes another repository, revision, path or other components; only
    where exactly one sync brings something from outside into the namespace of the app.

Why it matters:
    The next rendering brings back what the estate file says: an upgrade that was made in the manifests is undone in
    all sites at once. Where the manifests are wrong, the sites run something that nobody declared.
    Source: fluxcd.io Kustomization v1, GitRepository v1; argo-cd.readthedocs.io, Application specification.

Bad:
    # estate.yaml: source: {git: {url: https://git.example.com/shop.git, tag: v1.4.2}}
    kind: GitRepository
    spec: {url: https://git.example.com/shop.git, ref: {tag: v1.5.0}}

Good:
    kind: GitRepository
    spec: {url: https://git.example.com/shop.git, ref: {tag: v1.4.2}}

Fix:
    Make the estate file and the manifests say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._shared import declared_apps
from validator.rules.app._sources import Source, shown, sources


@rule("APP135", Severity.WARNING, sources=("EST", "tkg-avi APP-02"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    brought: dict[str, list[Source]] = {}
    for index, app in declared_apps(estate):
        wanted: dict[str, Any] = (app["source"] or {}).get("git") or {}
        for name in app["clusters"] if wanted else ():
            if name not in brought:
                cluster = estate.clusters_declared.get(name)
                brought[name] = list(sources(estate, cluster, whole=True)) if cluster is not None else []
            found = [one for one in brought[name] if one.namespace == app["namespace"]]
            if len(found) != 1 or found[0].sync.kind == "HelmRelease":
                continue
            for at, what, given, said, key in _faults(found[0], wanted):
                yield Problem(
                    at,
                    f"{what} of app `{app['name']}` in cluster `{name}` is `{given}`, the estate file says `{said}`",
                    related=((estate.declared.at("apps", index, "source", "git", key), "declared here"),),
                )


def _faults(found: Source, wanted: dict[str, Any]) -> Iterator[tuple[Ref, str, str, str, str]]:
    sync, pointer = found.sync, found.pointer
    if _plain(found.url) != _plain(wanted["url"]):
        yield found.url_at, "repository", shown(found.url), shown(wanted["url"]), "url"
    if str(found.revision) != str(wanted["revision"]):
        yield found.revision_at, "revision", str(found.revision), str(wanted["revision"]), _key(wanted)
    path = sync.get(*pointer, "path")
    if isinstance(path, str) and path.strip("./") != str(wanted["path"]).strip("./"):
        yield sync.at(*pointer, "path"), "path", path, wanted["path"], "path"
    place = (*pointer, "kustomize", "components") if sync.kind == "Application" else (*pointer, "components")
    given = sync.get(*place) or []
    if given != wanted["components"]:
        yield sync.at(*place), "components", _listed(given), _listed(wanted["components"]), "components"


def _key(wanted: dict[str, Any]) -> str:
    return "tag" if wanted.get("tag") else "commit"


def _plain(url: str) -> str:
    return shown(url).rstrip("/").removesuffix(".git").lower()


def _listed(items: Any) -> str:
    return ", ".join(map(str, items)) if isinstance(items, list) and items else "none"
