"""Flux: what a Kustomization applies, and the releases that HelmReleases make.

Source: kustomize.toolkit.fluxcd.io/v1, helm.toolkit.fluxcd.io/v2, source.toolkit.fluxcd.io/v1 (fluxcd.io, API reference).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from validator.errors import InputError
from validator.model import Release
from validator.read import exact
from validator.read.charts import CHARTS, LocalChart, exact_version, local_chart, part_values
from validator.read.documents import Ref
from validator.read.effective import Layer, Values, nested
from validator.read.kustomize import CLUSTER_SCOPED, Tree, items, join, set_at, strings, transform
from validator.read.manifest import Manifest, dig
from validator.read.origin import BOOTSTRAP, flux_url, is_foreign
from validator.read.rows import first_value
from validator.read.scalars import resolve
from validator.read.unknown import Unknown

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM = "helm.toolkit.fluxcd.io"
SOURCE = "source.toolkit.fluxcd.io"
REPOSITORIES = frozenset({"GitRepository", "Bucket"})
"""Sources of which a HelmRelease takes a folder as its chart; `version` means nothing then."""
ARTIFACTS = frozenset({"OCIRepository", "Bucket", "ExternalArtifact"})
"""Sources that need not hold the whole repository."""
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=+?])([^}]*))?\}")
_START = re.compile(r"(?<!\$)\$\{")


def is_kustomization(manifest: Manifest) -> bool:
    """Return whether an object is a Flux Kustomization."""
    return manifest.kind == "Kustomization" and manifest.group == KUSTOMIZE


def local_path(manifest: Manifest, folders: Tree) -> str | None:
    """Return the folder of this repository that a Kustomization applies, None where it is another repository's."""
    # The manifest is kept beside its answer: as long as it lives, no other one has its identity.
    known = folders.local_paths.get(id(manifest))
    if known is None:
        known = folders.local_paths[id(manifest)] = (manifest, _local_path(manifest, folders))
    return known[1]


def _local_path(manifest: Manifest, folders: Tree) -> str | None:
    path = manifest.spec.get("path")
    if path is None:
        path = "./"
    if not isinstance(path, str):
        return None
    folder: str | None = join("", path.lstrip("/"))
    if folder not in folders.folders:
        folder = _in_artifact(manifest, str(folder), folders)
    if folder is None:
        return None
    bootstrapped = dig(manifest.spec, ("sourceRef", "name")) == BOOTSTRAP
    return folder if bootstrapped or not is_foreign(flux_url(manifest, folders), folder, folders) else None


def _in_artifact(manifest: Manifest, path: str, folders: Tree) -> str | None:
    """Return a path within an artifact that was made of a folder of this repository: of one above the sync itself."""
    if dig(manifest.spec, ("sourceRef", "kind")) not in ARTIFACTS or path.startswith(".."):
        return None
    parent = posixpath.dirname(manifest.document.path)
    while parent:
        if f"{parent}/{path}" in folders.folders:
            return f"{parent}/{path}"
        parent = posixpath.dirname(parent)
    return None


def target(manifest: Manifest) -> str | None:
    """Return the name of the kubeconfig Secret of another cluster that an object is for, None for this one."""
    if "kubeConfig" not in manifest.spec:
        return None
    for pointer in (("spec", "kubeConfig", "secretRef", "name"), ("spec", "kubeConfig", "configMapRef", "name")):
        found = manifest.get(*pointer)
        if isinstance(found, str):
            return found.removesuffix("-kubeconfig")
    return None


def applied(manifest: Manifest, folders: Tree, known: list[Manifest]) -> list[Manifest]:
    """Return what a Kustomization applies; `known` holds the ConfigMaps that it may substitute from."""
    path = local_path(manifest, folders)
    if path is None:
        return []
    found = folders.build(path)
    spec = manifest.spec
    document = manifest.document
    reasons: list[str] = []
    for entry in strings(spec, "components"):
        folder = posixpath.normpath(posixpath.join(path, entry))
        component = folders.folders[folder].kustomization if folder in folders.folders else None
        if component is None:
            reasons.append(f"component `{entry}` is not in this repository")
        else:
            found = list(transform(folders, folder, component, found))
    found = list(transform(folders, path, document, found, ("spec",), spec))
    for key in ("labels", "annotations"):
        pairs = dig(spec, ("commonMetadata", key))
        for name, text in pairs.items() if isinstance(pairs, dict) else ():
            place, origin = ("metadata", key, name), ("spec", "commonMetadata", key, name)
            found = [set_at(item, place, text, document, origin) for item in found]
    namespace = spec.get("targetNamespace")
    if isinstance(namespace, str):
        given = ("spec", "targetNamespace")
        pointer = ("metadata", "namespace")
        found = [
            item if item.kind in CLUSTER_SCOPED else set_at(item, pointer, namespace, document, given) for item in found
        ]
    found = _substituted(manifest, found, known)
    name = manifest.name
    reason = "; ".join(reasons) or None
    return [item.applied(name, item.uncertain or reason) for item in found]


def _substituted(manifest: Manifest, found: list[Manifest], known: list[Manifest]) -> list[Manifest]:
    build = manifest.spec.get("postBuild")
    if not isinstance(build, dict):
        return found
    variables: dict[str, str] = {}
    secret = False
    for entry in items(build, "substituteFrom"):
        if not isinstance(entry, dict):
            continue
        source = next((m for m in known if m.kind == entry.get("kind") and m.name == entry.get("name")), None)
        if source is None or source.kind == "Secret":
            secret = True
        elif isinstance(data := source.get("data"), dict):
            variables.update({key: str(text) for key, text in data.items()})
    if isinstance(inline := build.get("substitute"), dict):
        variables.update({key: _text(value) for key, value in inline.items()})
    return [substituted(item, variables, more=secret) for item in found]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def substituted(manifest: Manifest, variables: dict[str, str], *, more: bool) -> Manifest:
    """Return an object with its variables replaced; with `more` there are sources of variables that are not known."""
    marker = {**manifest.labels, **manifest.annotations}.get(f"{KUSTOMIZE}/substitute")
    if marker == "disabled" or (b"${" not in manifest.document.data and not manifest.overlays):
        return manifest
    missing: set[str] = set()

    def replaced(match: re.Match[str]) -> str:
        name, operator, default = match[1], match[2] or "", match[3] or ""
        if name in variables:
            return variables[name]
        if more:
            missing.add(name)
            return match[0]
        return default if operator in {":-", "-", ":=", "="} else ""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            if "${" not in value:
                return value
            text = _VARIABLE.sub(replaced, value)
            if _START.search(text):
                return Unknown(value) if more else text
            return _read(text.replace("$${", "${")) if value.startswith("${") else text.replace("$${", "${")
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        return value

    value = walk(manifest.value)
    reason = f"variables {', '.join(sorted(missing))} come from a Secret or another place" if missing else None
    namespace = dig(value, ("metadata", "namespace"))
    return replace(
        manifest,
        value=value,
        namespace=namespace if isinstance(namespace, str) else manifest.namespace,
        uncertain=manifest.uncertain or reason,
    )


def _read(text: str) -> Any:
    """Read what substitution made of a scalar: Flux replaces in the text of the YAML, quotes and lists included."""
    if text[:1] in {"[", "{", '"', "'"}:
        try:
            trees = exact.load_all(text.encode(), "")
        except InputError:
            return text
        return trees[0].value if trees else text
    return resolve(text)


def _installed(manifest: Manifest, known: list[Manifest], folders: Tree) -> Iterator[Release]:
    """Yield the AKO and AMKO releases of a HelmRelease: one, unless its chart stands here and holds several or none."""
    values = _values(manifest, known)
    local = _local(manifest, folders)
    if local is not None:
        whole = Values((*local.defaults, *values.layers), values.fallback, values.secrets, values.unknown)
        for part in local.parts:
            if (inside := part_values(part, whole)) is not None:
                yield _release(manifest, part.chart, part.version, part.version_at, inside)
    elif found := _chart(manifest, known):
        yield _release(manifest, *found, values)


def _release(manifest: Manifest, chart: str, version: str | None, version_at: Ref, values: Values) -> Release:
    spec = manifest.spec
    target_namespace = spec.get("targetNamespace")
    namespace = target_namespace if isinstance(target_namespace, str) else manifest.namespace
    name = spec.get("releaseName")
    if not isinstance(name, str):
        name = f"{target_namespace}-{manifest.name}" if isinstance(target_namespace, str) else manifest.name
    changed = None
    if chart == "amko" and "postRenderers" in spec:
        from validator.read.postrender import patched

        changed = patched(manifest, values)
    return Release(chart, manifest, version, version_at, name, namespace, values, "flux", changed)


def _local(manifest: Manifest, folders: Tree) -> LocalChart | None:
    """Return the chart of a HelmRelease where it stands in this repository, None otherwise."""
    inside = dig(manifest.spec, ("chart", "spec"))
    chart = dig(inside, ("chart",))
    kind = dig(inside, ("sourceRef", "kind"))
    if not isinstance(chart, str) or not isinstance(kind, str) or kind not in REPOSITORIES:
        return None
    folder = join("", chart.lstrip("/"))
    if is_foreign(flux_url(manifest, folders, ("spec", "chart", "spec", "sourceRef")), folder, folders):
        return None
    found = local_chart(folders, folder)
    files = strings(inside, "valuesFiles")
    if found is None or not files:
        return found
    documents = [folders.documents(join("", file)) for file in files]
    layers = [Layer(file[0].value, file[0], ()) for file in documents if file and isinstance(file[0].value, dict)]
    return replace(found, defaults=tuple(layers))


def _chart(manifest: Manifest, known: list[Manifest]) -> tuple[str, str | None, Ref] | None:
    spec = manifest.spec
    chart = dig(spec, ("chart", "spec", "chart"))
    if isinstance(chart, str):
        name = chart.rstrip("/").rpartition("/")[2]
        if name not in CHARTS:
            return None
        pointer = ("spec", "chart", "spec", "version")
        in_git = str(dig(spec, ("chart", "spec", "sourceRef", "kind"))) in REPOSITORIES
        return name, None if in_git else exact_version(manifest.get(*pointer)), manifest.at(*pointer)
    reference = spec.get("chartRef")
    if not isinstance(reference, dict):
        return None
    namespace = reference.get("namespace") or manifest.namespace
    for source in known:
        same = source.kind == reference.get("kind") and source.name == reference.get("name")
        if same and source.group == SOURCE and source.namespace in {namespace, ""}:
            return _referenced(source)
    return None


def _referenced(source: Manifest) -> tuple[str, str | None, Ref] | None:
    if source.kind == "HelmChart":
        name, version = str(source.spec.get("chart", "")).rpartition("/")[2], source.spec.get("version")
        pointer: tuple[str, ...] = ("spec", "version")
    else:
        name = str(source.spec.get("url", "")).rstrip("/").rpartition("/")[2]
        pointer = ("spec", "ref", "tag")
        version = source.get(*pointer)
    return (name, exact_version(version), source.at(*pointer)) if name in CHARTS else None


def _values(manifest: Manifest, known: list[Manifest]) -> Values:
    layers: list[Layer] = []
    targeted: list[Layer] = []
    secrets: list[str] = []
    unknown: list[str] = []
    entries = manifest.spec.get("valuesFrom")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        kind, name = entry.get("kind"), str(entry.get("name"))
        if kind == "Secret":
            secrets.append(name)
            if isinstance(path := entry.get("targetPath"), str):
                where = ("spec", "valuesFrom", index)
                targeted.append(Layer(nested(path, None), manifest, where, text=True))
            continue
        source = next(
            (m for m in known if m.kind == kind and m.name == name and m.namespace in {manifest.namespace, ""}), None
        )
        if source is None:
            if not entry.get("optional"):
                unknown.append(f"{kind} `{name}`")
            continue
        layer = _config_map(source, entry)
        if layer is not None:
            (targeted if entry.get("targetPath") else layers).append(layer)
    inline = manifest.spec.get("values")
    if isinstance(inline, dict):
        layers.append(Layer(inline, manifest, ("spec", "values")))
    if not layers and not targeted and secrets:
        unknown.extend(f"Secret `{name}`" for name in secrets)  # more than credentials: it gives all values
    return Values((*layers, *targeted), manifest.at("spec"), tuple(secrets), tuple(unknown))


def _config_map(source: Manifest, entry: dict[str, Any]) -> Layer | None:
    key = entry.get("valuesKey") or "values.yaml"
    text = dig(source.value, ("data", key))
    if not isinstance(text, str):
        return None
    if isinstance(path := entry.get("targetPath"), str):
        return Layer(nested(path, resolve(text)), source, ("data", key), text=True)
    return text_layer(text, source, ("data", key))


def text_layer(text: str, source: Manifest, pointer: tuple[str | int, ...]) -> Layer | None:
    """Read a values document that stands as text in an object; a file of its own keeps its places."""
    overlay = next((o for o in source.overlays if o.pointer == pointer and o.origin == ()), None)
    if overlay is not None:
        value = overlay.document.value
        return Layer(value, overlay.document, ()) if isinstance(value, dict) else None
    try:
        value = first_value(text.encode(), source.document.path)
    except InputError:
        return None
    return Layer(value, source, pointer, text=True, whole=True) if isinstance(value, dict) else None


def releases(manifests: list[Manifest], folders: Tree) -> Iterator[Release]:
    """Yield the AKO and AMKO releases among the objects of one cluster."""
    for manifest in manifests:
        if manifest.kind == "HelmRelease" and manifest.group == HELM:
            yield from _installed(manifest, manifests, folders)
