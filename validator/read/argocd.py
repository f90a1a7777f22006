"""Argo CD: what an Application applies from this repository, and the releases that its chart sources make.

Source: argoproj.io/v1alpha1 Application (argo-cd.readthedocs.io, Helm and Multiple Sources).
"""

from __future__ import annotations

import base64
import fnmatch
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from validator.errors import InputError
from validator.model import Release
from validator.read import exact
from validator.read.charts import CHARTS, exact_version, local_chart, part_values
from validator.read.documents import Document, Ref
from validator.read.effective import Layer, Values, nested
from validator.read.exact import Pointer
from validator.read.kustomize import Tree, items, join, manifests, transform
from validator.read.manifest import Manifest, dig
from validator.read.origin import is_foreign
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


def named_clusters(documents: list[Document]) -> dict[str, str]:
    """Return the names of clusters by their addresses, from the Secrets that tell Argo CD of them.

    Source: argo-cd docs/operator-manual/declarative-setup.md, Clusters.
    """
    found: dict[str, str] = {}
    for document in documents:
        if document.kind == "Secret" and b"argocd.argoproj.io/secret-type" in document.data:
            for manifest in manifests([document]):
                if manifest.labels.get("argocd.argoproj.io/secret-type") == "cluster":
                    name, server = (_secret_text(manifest, key) for key in ("name", "server"))
                    if name and server:
                        found[server] = name
    return found


def _secret_text(manifest: Manifest, key: str) -> str | None:
    text = manifest.get("stringData", key)
    if isinstance(text, str):
        return text
    encoded = manifest.get("data", key)
    try:
        return base64.b64decode(encoded, validate=True).decode() if isinstance(encoded, str) else None
    except (ValueError, UnicodeDecodeError):
        return None


def local_paths(manifest: Manifest, folders: Tree) -> list[str]:
    """Return the folders of this repository that an Application applies as manifests."""
    return [folder for _, _, folder in _local(manifest, folders)]


def _local(manifest: Manifest, folders: Tree) -> Iterator[tuple[Pointer, dict[str, Any], str]]:
    for pointer, source in sources(manifest):
        path = source.get("path")
        if not isinstance(path, str) or "chart" in source:
            continue
        folder = join("", path.lstrip("/"))
        if folder not in folders.folders or is_foreign(source.get("repoURL"), folder, folders):
            continue
        if local_chart(folders, folder) is None:
            yield pointer, source, folder


def applied(manifest: Manifest, folders: Tree) -> list[Manifest]:
    """Return what an Application applies from folders of this repository."""
    found: list[Manifest] = []
    namespace = dig(manifest.spec, ("destination", "namespace"))
    for pointer, source, path in _local(manifest, folders):
        reason = "a plugin makes the manifests" if source.get("plugin") else None
        for item in _built(manifest, pointer, source, path, folders):
            lands = item.namespace or (namespace if isinstance(namespace, str) else "")
            uncertain = item.uncertain or reason
            found.append(replace(item, namespace=lands, applied_by=manifest.name, uncertain=uncertain))
    return found


def _built(manifest: Manifest, pointer: Pointer, source: dict[str, Any], path: str, folders: Tree) -> list[Manifest]:
    """Return what Argo CD makes of a folder: by kustomize where there is a kustomization, else its files."""
    folder = folders.folders[path]
    if folder.kustomization is None:
        directory = source.get("directory")
        return list(_directory(path, directory if isinstance(directory, dict) else {}, folders))
    found = folders.build(path)
    if isinstance(source.get("kustomize"), dict):
        found = list(transform(folders, path, manifest.document, found, (*pointer, "kustomize")))
    return found


def _directory(path: str, options: dict[str, Any], folders: Tree) -> Iterator[Manifest]:
    """Yield the objects in the files of a folder, and below it where `recurse` says so.

    Source: argo-cd docs/user-guide/directory.md; reposerver/repository/repository.go getPotentiallyValidManifests.
    """
    included, excluded = (_globs(options.get(key)) for key in ("include", "exclude"))
    pending = [path]
    while pending:
        here = pending.pop(0)
        folder = folders.folders[here]
        for name in sorted(folder.files):
            inside = posixpath.relpath(posixpath.join(here, name), path or ".")
            if (not included or _matches(inside, included)) and not _matches(inside, excluded):
                yield from manifests(folder.files[name])
        if options.get("recurse") is True:
            pending.extend(sorted(folder.folders))


def _globs(text: Any) -> list[str]:
    """Return the patterns of `a` or `{a,b}`."""
    if not isinstance(text, str) or not text:
        return []
    return text[1:-1].split(",") if text.startswith("{") and text.endswith("}") else [text]


def _matches(path: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern.strip()) for pattern in patterns)


def releases(objects: list[Manifest], folders: Tree) -> Iterator[Release]:
    """Yield the AKO and AMKO releases among the Applications of one cluster."""
    for manifest in objects:
        if not is_application(manifest):
            continue
        for pointer, source in sources(manifest):
            yield from _installed(manifest, pointer, source, folders)


def _installed(manifest: Manifest, pointer: Pointer, source: dict[str, Any], folders: Tree) -> Iterator[Release]:
    path, address = source.get("path"), str(source.get("repoURL") or "")
    values = _values(manifest, pointer, source, folders)
    if "chart" in source or address.startswith("oci://"):
        chart = str(source.get("chart") or address).rstrip("/").rpartition("/")[2]
        if chart in CHARTS:
            version, at = exact_version(source.get("targetRevision")), manifest.at(*pointer, "targetRevision")
            yield _release(manifest, source, chart, version, at, values)
    elif isinstance(path, str):
        folder = join("", path.lstrip("/"))
        foreign = is_foreign(address, folder, folders)
        local = None if foreign else local_chart(folders, folder)
        whole = Values((*(local.defaults if local else ()), *values.layers), values.fallback, (), values.unknown)
        for part in local.parts if local else ():
            if (inside := part_values(part, whole)) is not None:
                yield _release(manifest, source, part.chart, part.version, part.version_at, inside)
        chart = path.rstrip("/").rpartition("/")[2]
        if chart in CHARTS and local is None and "helm" in source:
            at = manifest.at(*pointer, "targetRevision")
            yield _release(manifest, source, chart, exact_version(source.get("targetRevision")), at, values)


def _release(
    manifest: Manifest, source: dict[str, Any], chart: str, version: str | None, version_at: Ref, values: Values
) -> Release:
    namespace = dig(manifest.spec, ("destination", "namespace"))
    name = dig(source, ("helm", "releaseName"))
    return Release(
        chart,
        manifest,
        version,
        version_at,
        name if isinstance(name, str) else manifest.name,
        namespace if isinstance(namespace, str) else "",
        values,
        "argocd",
    )


def _values(manifest: Manifest, pointer: Pointer, source: dict[str, Any], folders: Tree) -> Values:
    helm = source.get("helm")
    if not isinstance(helm, dict):
        return Values((), manifest.at(*pointer))
    layers: list[Layer] = []
    unknown: list[str] = []
    for entry in items(helm, "valueFiles"):
        found = _value_file(manifest, source, str(entry), folders)
        if found is not None:
            layers.append(found)
        elif not helm.get("ignoreMissingValueFiles") or str(entry).startswith("$"):
            unknown.append(f"values file `{entry}`")
    if isinstance(helm.get("valuesObject"), dict):
        layers.append(Layer(helm["valuesObject"], manifest, (*pointer, "helm", "valuesObject")))
    elif isinstance(helm.get("values"), str):
        value = _read(helm["values"], manifest)
        if value is None:
            unknown.append("`helm.values`")
        else:
            layers.append(Layer(value, manifest, (*pointer, "helm", "values"), text=True, whole=True))
    for index, entry in enumerate(items(helm, "parameters")):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            text = str(entry.get("value", ""))
            below = Values(tuple(layers), manifest.at(*pointer)).merged if "[" in entry["name"] else None
            value = nested(entry["name"], text if entry.get("forceString") else _parameter(text), below)
            layers.append(Layer(value, manifest, (*pointer, "helm", "parameters", index), text=True))
    if items(helm, "fileParameters"):
        unknown.append("`helm.fileParameters`")
    return Values(tuple(layers), manifest.at(*pointer), (), tuple(unknown))


def _parameter(text: str) -> Any:
    """Return the value of `helm --set`: `{a,b}` is a list, anything else one scalar."""
    if text.startswith("{") and text.endswith("}"):
        return [resolve(item) for item in text[1:-1].split(",")] if text != "{}" else []
    return resolve(text)


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
        path = join("", rest)
        urls = [item.get("repoURL") for _, item in sources(manifest) if item.get("ref") == name]
        if not urls or is_foreign(urls[0], posixpath.dirname(path), folders):
            return None
    else:
        path = join(str(source.get("path") or "").strip("/"), entry)
    documents = folders.documents(path)
    if not documents or not isinstance(documents[0].value, dict):
        return None
    return Layer(documents[0].value, documents[0], ())
