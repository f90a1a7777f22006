"""Argo CD: what an Application applies from this repository, and the releases that its chart sources make.

Source: argoproj.io/v1alpha1 Application (argo-cd.readthedocs.io, Helm and Multiple Sources).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from validator.errors import InputError
from validator.model import Release
from validator.read import exact
from validator.read.effective import Layer, Values, nested
from validator.read.flux import CHARTS, exact_version
from validator.read.kustomize import Tree, items, join
from validator.read.manifest import Manifest, dig
from validator.read.scalars import resolve

GROUP = "argoproj.io"
IN_CLUSTER = frozenset({"https://kubernetes.default.svc", "in-cluster", ""})


def is_application(manifest: Manifest) -> bool:
    """Return whether an object is an Argo CD Application."""
    return manifest.kind == "Application" and manifest.group == GROUP


def sources(manifest: Manifest) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Return the sources of an Application with their places; `sources` wins over `source`."""
    many = manifest.spec.get("sources")
    if isinstance(many, list) and many:
        return [(("spec", "sources", index), item) for index, item in enumerate(many) if isinstance(item, dict)]
    one = manifest.spec.get("source")
    return [(("spec", "source"), one)] if isinstance(one, dict) else []


def target(manifest: Manifest) -> str | None:
    """Return the name or server of another cluster that an Application is for, None for its own."""
    destination = manifest.spec.get("destination")
    if not isinstance(destination, dict):
        return None
    found = destination.get("name") or destination.get("server") or ""
    return None if not isinstance(found, str) or found in IN_CLUSTER else found


def local_paths(manifest: Manifest, folders: Tree) -> list[str]:
    """Return the folders of this repository that an Application applies as manifests."""
    found = []
    for _, source in sources(manifest):
        path = source.get("path")
        if isinstance(path, str) and "chart" not in source and not _is_chart(source, folders):
            folder = join("", path.lstrip("/"))
            if folder in folders.folders:
                found.append(folder)
    return found


def _is_chart(source: dict[str, Any], folders: Tree) -> bool:
    path = str(source.get("path", "")).strip("/")
    return path.rpartition("/")[2] in CHARTS and "Chart.yaml" in getattr(folders.folders.get(path), "files", {})


def applied(manifest: Manifest, folders: Tree) -> list[Manifest]:
    """Return what an Application applies from folders of this repository."""
    found: list[Manifest] = []
    namespace = dig(manifest.spec, ("destination", "namespace"))
    for path in local_paths(manifest, folders):
        for item in folders.build(path):
            lands = item.namespace or (namespace if isinstance(namespace, str) else "")
            found.append(replace(item, namespace=lands, applied_by=manifest.name))
    return found


def releases(manifests: list[Manifest], folders: Tree) -> Iterator[Release]:
    """Yield the AKO and AMKO releases among the Applications of one cluster."""
    for manifest in manifests:
        if not is_application(manifest):
            continue
        for pointer, source in sources(manifest):
            chart = str(source.get("chart") or "").rstrip("/").rpartition("/")[2]
            if not chart and isinstance(source.get("path"), str):
                chart = (
                    source["path"].rstrip("/").rpartition("/")[2]
                    if _is_chart(source, folders) or "helm" in source
                    else ""
                )
            if chart in CHARTS:
                yield _release(manifest, pointer, source, chart, folders)


def _release(
    manifest: Manifest, pointer: tuple[str | int, ...], source: dict[str, Any], chart: str, folders: Tree
) -> Release:
    namespace = dig(manifest.spec, ("destination", "namespace"))
    name = dig(source, ("helm", "releaseName"))
    revision = source.get("targetRevision")
    return Release(
        chart,
        manifest,
        exact_version(revision),
        manifest.at(*pointer, "targetRevision"),
        name if isinstance(name, str) else manifest.name,
        namespace if isinstance(namespace, str) else "",
        _values(manifest, pointer, source, folders),
        "argocd",
    )


def _values(manifest: Manifest, pointer: tuple[str | int, ...], source: dict[str, Any], folders: Tree) -> Values:
    helm = source.get("helm")
    if not isinstance(helm, dict):
        return Values((), manifest.at(*pointer))
    layers: list[Layer] = []
    unknown: list[str] = []
    for entry in items(helm, "valueFiles"):
        found = _value_file(manifest, source, str(entry), folders)
        if found is not None:
            layers.append(found)
        elif not helm.get("ignoreMissingValueFiles"):
            unknown.append(f"values file `{entry}`")
    if isinstance(helm.get("valuesObject"), dict):
        layers.append(Layer(helm["valuesObject"], manifest, (*pointer, "helm", "valuesObject")))
    elif isinstance(helm.get("values"), str):
        value = _read(helm["values"], manifest)
        if value is not None:
            layers.append(Layer(value, manifest, (*pointer, "helm", "values"), text=True))
    for index, entry in enumerate(items(helm, "parameters")):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str) and "[" not in entry["name"]:
            text = str(entry.get("value", ""))
            value = nested(entry["name"], text if entry.get("forceString") else resolve(text))
            layers.append(Layer(value, manifest, (*pointer, "helm", "parameters", index), text=True))
    return Values(tuple(layers), manifest.at(*pointer), (), tuple(unknown))


def _read(text: str, manifest: Manifest) -> dict[str, Any] | None:
    try:
        trees = exact.load_all(text.encode(), manifest.document.path)
    except InputError:
        return None
    value = trees[0].value if trees else {}
    return value if isinstance(value, dict) else None


def _value_file(manifest: Manifest, source: dict[str, Any], entry: str, folders: Tree) -> Layer | None:
    if entry.startswith("$"):
        name, _, rest = entry[1:].partition("/")
        if not any(item.get("ref") == name for _, item in sources(manifest)):
            return None
        path = join("", rest)
    else:
        path = join(str(source.get("path") or "").strip("/"), entry)
    documents = folders.documents(path)
    if not documents or not isinstance(documents[0].value, dict):
        return None
    return Layer(documents[0].value, documents[0], ())
