"""Where applications come from that are not in the repository itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.facts import version
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.read.charts import CHARTS
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.read.kustomize import Tree, join
from validator.read.manifest import Manifest

SYNCS = frozenset({"Kustomization", "HelmRelease", "Application"})
_FIXED = re.compile(r"[0-9a-f]{7,64}|sha256:[0-9a-f]{64}|(refs/tags/)?[\w.+-]*\d[\w.+-]*|refs/tags/.+")
"""Commits, and what may be a tag: nothing here tells a tag `v1` from a branch of that name."""
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")
_RANGE = re.compile(r"[*~^<>|, ]|(?:^|\.)[xX](?:\.|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A sync or release of something outside the repository, and the namespace that it goes to."""

    sync: Manifest
    namespace: str
    url: str
    url_at: Ref
    revision: Any
    revision_at: Ref
    floating: bool
    pointer: Pointer = ("spec",)
    """Where `path` stands in the sync."""


def sources(estate: Estate, cluster: Cluster, *, whole: bool = False) -> list[Source]:
    """Return what comes into a cluster from other repositories; without `whole` as far as its namespace is known.

    Several rules ask; the answer is kept with the cluster.
    """
    if sources not in cluster.answers:
        cluster.answers[sources] = list(_sources(estate, cluster))
    found: list[Source] = cluster.answers[sources]
    return found if whole or not found else [one for one in found if _is_directed(one.sync)]


def _is_directed(sync: Manifest) -> bool:
    """Return whether the namespace that a sync goes to is known."""
    return sync.kind != "Kustomization" or isinstance(sync.spec.get("targetNamespace"), str)


def _sources(estate: Estate, cluster: Cluster) -> Iterator[Source]:
    tree: Tree = estate.folders
    for item in cluster.manifests:
        if item.kind not in SYNCS:
            continue
        if flux.is_kustomization(item):
            if flux.local_path(item, tree) is None:
                yield from _git(item, str(item.spec.get("targetNamespace") or ""), cluster)
        elif item.kind == "HelmRelease" and item.group == flux.HELM:
            yield from _chart(item, cluster)
        elif argocd.is_application(item):
            namespace = item.get("spec", "destination", "namespace")
            if isinstance(namespace, str):
                yield from _application(item, namespace, tree)


def shown(url: str) -> str:
    """Return an address for a message, without any login in it."""
    return _LOGIN.sub("", url)


def _git(sync: Manifest, namespace: str, cluster: Cluster) -> Iterator[Source]:
    reference = sync.get("spec", "sourceRef")
    if not isinstance(reference, dict):
        return
    for source in cluster.of(str(reference.get("kind")), flux.SOURCE):
        url, ref = source.spec.get("url"), source.spec.get("ref")
        if source.name != reference.get("name") or not isinstance(url, str):
            continue
        ref = ref if isinstance(ref, dict) else {}
        for key in ("commit", "digest", "name", "semver", "tag", "branch"):
            if key in ref:
                floating = key in {"semver", "branch"} or (key == "tag" and ref[key] == "latest")
                at, url_at = source.at("spec", "ref", key), source.at("spec", "url")
                yield Source(sync, namespace, url, url_at, ref[key], at, floating)
                return
        yield Source(sync, namespace, url, source.at("spec", "url"), None, source.at("spec", "url"), floating=True)


def _chart(release: Manifest, cluster: Cluster) -> Iterator[Source]:
    if isinstance(reference := release.get("spec", "chartRef"), dict):
        yield from _referenced(release, reference, cluster)
        return
    chart, number = release.get("spec", "chart", "spec", "chart"), release.get("spec", "chart", "spec", "version")
    if not isinstance(chart, str) or chart.rpartition("/")[2] in CHARTS:
        return
    if release.get("spec", "chart", "spec", "sourceRef", "kind") != "HelmRepository":
        return
    lands = _lands(release)
    at = release.at("spec", "chart", "spec", "version" if number is not None else "chart")
    yield Source(release, lands, chart, release.at("spec", "chart", "spec", "chart"), number, at, _loose(number))


def _referenced(release: Manifest, reference: dict[str, Any], cluster: Cluster) -> Iterator[Source]:
    """Yield the chart that a release takes from an OCIRepository; the AKO and AMKO charts are no application."""
    for source in cluster.of("OCIRepository", flux.SOURCE):
        url, ref = source.spec.get("url"), source.spec.get("ref")
        named = source.name == reference.get("name") and reference.get("kind") == source.kind
        if (
            not named
            or source.namespace != (reference.get("namespace") or release.namespace)
            or not isinstance(url, str)
        ):
            continue
        if url.rstrip("/").rpartition("/")[2] in CHARTS:
            return
        ref = ref if isinstance(ref, dict) else {}
        key = next((key for key in ("digest", "semver", "tag") if key in ref), None)
        at = source.at("spec", "ref", key) if key else source.at("spec", "url")
        floating = key != "digest" and (key != "tag" or _loose(str(ref[key]).replace("_", "+")))
        yield Source(release, _lands(release), url, source.at("spec", "url"), ref.get(key), at, floating)
        return


def _lands(release: Manifest) -> str:
    namespace = release.spec.get("targetNamespace")
    return namespace if isinstance(namespace, str) else release.namespace


def _application(sync: Manifest, namespace: str, tree: Tree) -> Iterator[Source]:
    local = set(argocd.local_paths(sync, tree))
    for pointer, source in argocd.sources(sync):
        path, url, chart = source.get("path"), source.get("repoURL"), source.get("chart")
        if (
            not isinstance(url, str)
            or (isinstance(path, str) and join("", path.lstrip("/")) in local)
            or "ref" in source
        ):
            continue
        if isinstance(chart, str) and chart.rpartition("/")[2] in CHARTS:
            continue
        revision = source.get("targetRevision")
        floating = _loose(revision) if chart else not _is_fixed(revision)
        at = sync.at(*pointer, "targetRevision" if revision is not None else "repoURL")
        address = f"{url}/{chart}" if chart else url
        yield Source(sync, namespace, address, sync.at(*pointer, "repoURL"), revision, at, floating, pointer)


def _is_fixed(revision: Any) -> bool:
    return isinstance(revision, str) and _FIXED.fullmatch(revision) is not None and not _RANGE.search(revision)


def _loose(number: Any) -> bool:
    return not isinstance(number, str) or bool(_RANGE.search(number)) or version.parse(number) is None
