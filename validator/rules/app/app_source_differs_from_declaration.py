"""An application comes from another source than the estate file declares.

What it finds:
    A declared app with a `source` (Git, OCI artifact or chart) whose sync or release takes another repository, revision,
    path or other components, or makes a release of another name or with other values; only where exactly one brings
    something from outside into the namespace of the app.

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
from validator.rules.app._hosts import declared_apps
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
            found = [one for one in brought[name] if app["namespace"] in {one.namespace, one.sync.namespace}]
            if len(found) != 1 or (found[0].namespace != app["namespace"] and found[0].sync.kind != "HelmRelease"):
                continue
            for at, what, given, said, key in _faults(found[0], wanted, app, is_chart=kind == "chart"):
                where = f"{what} of app `{app['name']}` in cluster `{name}`"
                text = (
                    f"{where} is `{given}`, the estate file says `{said}`"
                    if said
                    else f"{where} differ from the estate file"
                )
                yield Problem(at, text, ((estate.declared.at("apps", index, "source", kind, key), "declared here"),))


def _faults(
    found: Source, wanted: dict[str, Any], app: dict[str, Any], *, is_chart: bool
) -> Iterator[tuple[Ref, str, str, str, str]]:
    if is_chart != _is_chart(found):
        kinds = ("a chart", "manifests")
        yield found.url_at, "source", *(kinds if _is_chart(found) else kinds[::-1]), "url"
        return
    addresses = {_plain(text) for text in (_address(wanted), wanted["url"])} if is_chart else {_plain(wanted["url"])}
    if _plain(found.url) not in addresses | ({wanted["name"]} if is_chart else set()):
        yield found.url_at, "repository", shown(found.url), shown(wanted["url"]), "url"
    if str(found.revision).replace("_", "+" if is_chart else "_") != str(wanted["revision"]):
        yield found.revision_at, "revision", str(found.revision), str(wanted["revision"]), _key(wanted)
    yield from _release(found, wanted, app) if is_chart else _manifests(found, wanted)


def _release(found: Source, wanted: dict[str, Any], app: dict[str, Any]) -> Iterator[tuple[Ref, str, str, str, str]]:
    """Find what makes another release of the same chart: its name, by which charts call their Services, and its values."""
    sync, flux = found.sync, found.sync.kind == "HelmRelease"
    helm = ("spec",) if flux else (*found.pointer, "helm")
    name = sync.get(*helm, "releaseName") or (_default_name(found) if flux else sync.name)
    if name != app["name"] and isinstance(name, str):
        yield sync.at(*helm, "releaseName"), "release name", name, app["name"], "url"
    if found.namespace != app["namespace"]:
        yield sync.at("spec", "targetNamespace"), "target namespace", found.namespace, app["namespace"], "url"
    place = (*helm, "values" if flux else "valuesObject")
    others = ("valuesFrom",) if flux else ("values", "valueFiles", "parameters", "fileParameters")
    given = sync.get(*place)
    if (given or {}) != wanted["values"] and not any(sync.get(*helm, key) for key in others):
        yield sync.at(*place), "values", "", "", "values"  # never shown: they may hold anything


def _default_name(found: Source) -> str:
    """Return what Flux calls a release without a name (helm-controller api/v2 HelmRelease GetReleaseName)."""
    target = found.sync.spec.get("targetNamespace")
    return f"{target}-{found.sync.name}" if isinstance(target, str) else found.sync.name


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
