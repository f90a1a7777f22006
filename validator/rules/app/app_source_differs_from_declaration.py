"""An application comes from another source than the estate file declares.

What it finds:
    A declared app with a `source` (Git, OCI artifact or chart) whose sync or release takes another repository, revision,
    path or other components; only where exactly one brings something from outside into the namespace of the app.

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
        source = app["source"] or {}
        kind = source.get("kind", "git")
        wanted: dict[str, Any] = source.get(kind) or {}
        for name in app["clusters"] if wanted else ():
            if name not in brought:
                cluster = estate.clusters_declared.get(name)
                brought[name] = list(sources(estate, cluster, whole=True)) if cluster is not None else []
            found = [one for one in brought[name] if one.namespace == app["namespace"]]
            if len(found) != 1:
                continue
            for at, what, given, said, key in _faults(found[0], wanted, is_chart=kind == "chart"):
                yield Problem(
                    at,
                    f"{what} of app `{app['name']}` in cluster `{name}` is `{given}`, the estate file says `{said}`",
                    related=((estate.declared.at("apps", index, "source", kind, key), "declared here"),),
                )


def _faults(found: Source, wanted: dict[str, Any], *, is_chart: bool) -> Iterator[tuple[Ref, str, str, str, str]]:
    if is_chart != _is_chart(found):
        kinds = ("a chart", "manifests")
        yield found.url_at, "source", *(kinds if _is_chart(found) else kinds[::-1]), "url"
        return
    addresses = {_plain(text) for text in (_address(wanted), wanted["url"])} if is_chart else {_plain(wanted["url"])}
    if _plain(found.url) not in addresses | ({wanted["name"]} if is_chart else set()):
        yield found.url_at, "repository", shown(found.url), shown(wanted["url"]), "url"
    if str(found.revision).replace("_", "+" if is_chart else "_") != str(wanted["revision"]):
        yield found.revision_at, "revision", str(found.revision), str(wanted["revision"]), _key(wanted)
    if not is_chart:
        yield from _manifests(found, wanted)


def _manifests(found: Source, wanted: dict[str, Any]) -> Iterator[tuple[Ref, str, str, str, str]]:
    sync, pointer = found.sync, found.pointer
    path = sync.get(*pointer, "path")
    if isinstance(path, str) and path.strip("./") != str(wanted["path"]).strip("./"):
        yield sync.at(*pointer, "path"), "path", path, wanted["path"], "path"
    place = (*pointer, "kustomize", "components") if sync.kind == "Application" else (*pointer, "components")
    given = sync.get(*place) or []
    if given != wanted["components"]:
        yield sync.at(*place), "components", _listed(given), _listed(wanted["components"]), "components"


def _is_chart(found: Source) -> bool:
    return found.sync.kind == "HelmRelease" or bool(found.sync.get(*found.pointer, "chart"))


def _address(wanted: dict[str, Any]) -> str:
    """Return repository and chart as an Application names them."""
    return f"{wanted['repoURL']}/{wanted['name']}"


def _key(wanted: dict[str, Any]) -> str:
    return next((key for key in ("tag", "commit", "digest", "version") if wanted.get(key)), "url")


def _plain(url: str) -> str:
    return shown(url).removeprefix("oci://").rstrip("/").removesuffix(".git").lower()


def _listed(items: Any) -> str:
    return ", ".join(map(str, items)) if isinstance(items, list) and items else "none"
