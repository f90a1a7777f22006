"""What `kustomize build` makes of a folder, as far as it is known without running anything.

Resources, components, namespace, names, labels, patches (strategic merge and JSON 6902) and generators are followed;
plugins, Helm inflation, replacements and remote bases make the result uncertain, which rules can see.
Source: kubernetes-sigs/kustomize, api/types/kustomization.go (v5).
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from validator.errors import InputError
from validator.read import exact
from validator.read.documents import Document
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, Overlay, dig

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
SYNCS = frozenset({"kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "argoproj.io"})
"""API groups of the objects that say what is applied from where."""
MAX_BUILDS = 64
"""Depth of bases below bases; kustomize itself refuses cycles."""
CLUSTER_SCOPED = frozenset(
    """Namespace ClusterRole ClusterRoleBinding CustomResourceDefinition IngressClass StorageClass PriorityClass
    PersistentVolume ValidatingWebhookConfiguration MutatingWebhookConfiguration APIService AviInfraSetting
    ClusterSecretStore ClusterExternalSecret GatewayClass AKODeploymentConfig ClusterIssuer Node""".split()
)
TRANSFORMERS = frozenset(
    """patches patchesJson6902 patchesStrategicMerge commonLabels labels namespace namePrefix nameSuffix
    commonAnnotations""".split()
)
"""Keys of a kustomization that change its objects."""
PLAIN = frozenset({"apiVersion", "kind", "metadata", "resources"})
"""Keys of a kustomization that lists objects, and does nothing with them."""
UNNAMED = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})
"""Kinds that keep their names under a prefix or a suffix."""


@dataclass(slots=True)
class Folder:
    """The documents of one folder, files by name."""

    files: dict[str, list[Document]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    @property
    def kustomization(self) -> Document | None:
        for name in FILE_NAMES:
            if documents := self.files.get(name):
                return documents[0]
        return None


class Tree:
    """All documents of a repository by folder; builds are made once for each folder."""

    def __init__(self, documents: list[Document]) -> None:
        self.folders: dict[str, Folder] = {}
        self._documents = documents
        self._built: dict[str, list[Manifest]] = {}
        self.local_paths: dict[int, tuple[Manifest, str | None]] = {}
        """The folders that Flux Kustomizations apply (`validator.read.flux.local_path`), by their identity."""
        self.gaps: dict[str, str] = {}
        """Folders whose build holds objects that are not in this repository, and why; known once they are built."""
        self.strays: dict[int, str] = {}
        """Syncs of one cluster that apply the folder of another one, by the identity of their document: that folder."""
        for document in documents:
            folder, _, name = document.path.rpartition("/")
            files = self._folder(folder).files
            if name in files:
                files[name].append(document)
            else:
                files[name] = [document]

    def _folder(self, path: str) -> Folder:
        found = self.folders.get(path)
        if found is None:
            found = self.folders[path] = Folder()
            if path:
                self._folder(path.rpartition("/")[0]).folders.add(path)
        return found

    @cached_property
    def _objects(self) -> dict[tuple[str, str], list[Manifest]]:
        found: dict[tuple[str, str], list[Manifest]] = {}
        for document in self._documents:
            if document.group in SYNCS:
                for manifest in manifests([document]):
                    found.setdefault((manifest.group, manifest.kind), []).append(manifest)
        return found

    def objects(self, group: str, kind: Any) -> list[Manifest]:
        """Return the objects of one kind of Flux or Argo CD, as they are written."""
        return self._objects.get((group, kind), []) if isinstance(kind, str) else []

    @cached_property
    def bases(self) -> frozenset[str]:
        """Return the folders that another folder's kustomization builds on."""
        return self.listed & self.folders.keys()

    @cached_property
    def listed(self) -> frozenset[str]:
        """Return the files and folders that kustomizations list."""
        found: set[str] = set()
        for folder in self.folders.values():
            if (document := folder.kustomization) is not None:
                path = posixpath.dirname(document.path)
                for key in ("resources", "bases", "components", "patchesStrategicMerge", "patches"):
                    found.update(join(path, entry) for entry in strings(document.value, key) if not remote(entry))
                for entry in (*items(document.value, "patches"), *items(document.value, "patchesJson6902")):
                    if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                        found.add(join(path, entry["path"]))
        return frozenset(found)

    @cached_property
    def sources(self) -> dict[tuple[str, str], list[Manifest]]:
        """Return the sources of Flux by kind and name, one address only once."""
        found: dict[tuple[str, str], dict[tuple[str, str], Manifest]] = {}
        for (group, kind), manifests_of_kind in self._objects.items():
            for item in manifests_of_kind if group == "source.toolkit.fluxcd.io" else ():
                one = found.setdefault((kind, item.name), {})
                one.setdefault((item.namespace, str(item.spec.get("url"))), item)
        return {key: list(one.values()) for key, one in found.items()}

    @cached_property
    def servers(self) -> dict[str, str]:
        """Return the names of the clusters that Argo CD knows, by their addresses, as far as their Secrets are here."""
        from validator.read.argocd import named_clusters

        return named_clusters(self._documents)

    @cached_property
    def own(self) -> frozenset[str]:
        """Return the addresses of this repository, as far as they are known."""
        from validator.read.origin import own

        return own(self)

    def build(self, path: str, _depth: int = 0) -> list[Manifest]:
        """Return the objects that Flux or Argo CD would apply from a folder; an unknown folder gives none."""
        known = self._built.get(path)
        if known is None:
            self._built[path] = []
            known = self._built[path] = list(self._build(path, _depth))
        return known

    def _build(self, path: str, depth: int) -> Iterator[Manifest]:
        folder = self.folders.get(path)
        if folder is None or depth > MAX_BUILDS:
            return
        document = folder.kustomization
        if document is not None:
            yield from self._kustomized(path, document, depth)
            return
        for name in sorted(folder.files):
            yield from manifests(folder.files[name])
        for below in sorted(folder.folders):
            yield from self.build(below, depth + 1)
            if below in self.gaps:
                self.gaps.setdefault(path, self.gaps[below])

    def _kustomized(self, path: str, document: Document, depth: int) -> Iterator[Manifest]:
        spec = document.value if isinstance(document.value, dict) else {}
        found: list[Manifest] = []
        unknown: list[str] = []
        for entry in (*strings(spec, "resources"), *strings(spec, "bases")):
            found.extend(self._resource(path, entry, depth, unknown))
        if spec.keys() <= PLAIN and not unknown:  # as most are
            files = self.folders[path].files  # none of them is a folder, which alone can have a gap
            below = (join(path, entry) for entry in strings(spec, "resources") if entry not in files)
            if gap := next((self.gaps[one] for one in below if one in self.gaps), None):
                self.gaps.setdefault(path, gap)
            yield from found
            return
        for entry in strings(spec, "components"):
            target = join(path, entry)
            component = self.folders[target].kustomization if target in self.folders else None
            if component is None:
                unknown.append(f"component `{entry}` is not in this repository")
                continue
            found.extend(self._resources_of(target, component, depth, unknown))
            found = list(transform(self, target, component, found))
        found.extend(generated(self, path, document))
        for key in ("generators", "transformers", "helmCharts", "replacements", "vars"):
            if spec.get(key):
                unknown.append(f"`{key}` is not followed")
        reason = f"{document.path}: {'; '.join(unknown)}" if unknown else None
        within = (
            self.gaps.get(join(path, entry)) for entry in (*strings(spec, "resources"), *strings(spec, "components"))
        )
        if gap := reason or (next((found for found in within if found), None) if self.gaps else None):
            self.gaps.setdefault(path, gap)
        for manifest in transform(self, path, document, found):
            yield replace(manifest, uncertain=reason) if reason and not manifest.uncertain else manifest

    def _resources_of(self, path: str, document: Document, depth: int, unknown: list[str]) -> Iterator[Manifest]:
        for entry in strings(document.value, "resources"):
            yield from self._resource(path, entry, depth, unknown)

    def _resource(self, path: str, entry: str, depth: int, unknown: list[str]) -> list[Manifest]:
        if remote(entry):
            unknown.append(f"remote resource `{entry}` is not fetched")
            return []
        target = join(path, entry)
        if target in self.folders:
            return self.build(target, depth + 1)
        found = self.documents(target)
        if not found:
            self.gaps[path] = f"`{target}` is not in this repository"
        return list(manifests(found))

    def documents(self, path: str) -> list[Document]:
        """Return the documents of one file; an unknown file has none."""
        folder, _, name = path.rpartition("/")
        found = self.folders.get(folder)
        return found.files.get(name, []) if found else []


def manifests(documents: list[Document]) -> Iterator[Manifest]:
    """Yield the Kubernetes objects among documents, lists taken apart; each call gives objects of its own."""
    for document in documents:
        models = document.models
        if models is None:
            document.models = tuple(_manifests(document))
            yield from document.models
        else:
            for model in models:
                yield model.copy()


def _manifests(document: Document) -> Iterator[Manifest]:
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str) or "apiVersion" not in value:
        return
    if not isinstance(value["apiVersion"], str) or value["apiVersion"].startswith("kustomize.config.k8s.io/"):
        return
    if value["kind"] == "List" and isinstance(value.get("items"), list):
        for index, item in enumerate(value["items"]):
            if isinstance(item, dict):
                overlay = Overlay((), document, ("items", index))
                yield Manifest(document, item, _namespace(item), (overlay,))
        return
    yield Manifest(document, value, _namespace(value))


def _namespace(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    found = metadata.get("namespace") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) else ""


def transform(
    tree: Tree, path: str, document: Document, found: list[Manifest], base: Pointer = (), given: Any = None
) -> Iterator[Manifest]:
    """Apply the transformers of one kustomization to objects.

    It may stand at `base` of another object, and be `given` there by what patched that object.
    """
    given = dig(document.value, base) if given is None else given
    spec = given if isinstance(given, dict) else {}
    if TRANSFORMERS.isdisjoint(spec):
        yield from found
        return
    patches = list(read_patches(tree, path, document, base=base, given=spec))
    labels = _labels(spec, base)
    namespace = spec.get("namespace")
    names = _new_names(spec.get("namePrefix"), spec.get("nameSuffix"), found)
    if not (patches or labels or namespace or names or spec.get("commonAnnotations")):
        yield from found
        return
    for manifest in found:
        for patch in patches:
            manifest = patch.apply(manifest)
            if not manifest.value:
                break
        if not manifest.value:
            continue
        for origin, pairs in labels:
            for name in pairs:
                manifest = set_at(manifest, ("metadata", "labels", name), pairs[name], document, (*origin, name))
        if isinstance(annotations := spec.get("commonAnnotations"), dict):
            for name, text in annotations.items():
                where = (*base, "commonAnnotations", name)
                manifest = set_at(manifest, ("metadata", "annotations", name), text, document, where)
        if isinstance(namespace, str) and manifest.kind == "Namespace":
            manifest = set_at(manifest, ("metadata", "name"), namespace, document, (*base, "namespace"))
        elif isinstance(namespace, str) and manifest.kind not in CLUSTER_SCOPED:
            manifest = set_at(manifest, ("metadata", "namespace"), namespace, document, (*base, "namespace"))
        if names:
            manifest = _refer(manifest, names)
            name = names.get((manifest.kind, manifest.name), manifest.name)
            manifest = set_at(manifest, ("metadata", "name"), name, manifest.document, ("metadata", "name"))
        yield manifest


def _new_names(prefix: Any, suffix: Any, found: list[Manifest]) -> dict[tuple[str, str], str]:
    """Return the names that objects get by a prefix and a suffix, by kind and old name."""
    start, end = (text if isinstance(text, str) else "" for text in (prefix, suffix))
    if not start and not end:
        return {}
    return {(m.kind, m.name): f"{start}{m.name}{end}" for m in found if m.kind not in UNNAMED}


def _refer(manifest: Manifest, names: dict[tuple[str, str], str]) -> Manifest:
    """Let an Ingress name Services and Secrets of the same kustomization by their new names, as kustomize does."""
    if manifest.kind != "Ingress":
        return manifest
    places: list[tuple[str, Pointer]] = [("Service", ("spec", "defaultBackend", "service", "name"))]
    rules, tls = manifest.spec.get("rules"), manifest.spec.get("tls")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        paths = dig(rule, ("http", "paths"))
        for order in range(len(paths) if isinstance(paths, list) else 0):
            place = ("spec", "rules", index, "http", "paths", order, "backend", "service", "name")
            places.append(("Service", place))
    for index in range(len(tls) if isinstance(tls, list) else 0):
        places.append(("Secret", ("spec", "tls", index, "secretName")))
    for kind, pointer in places:
        name = manifest.get(*pointer)
        if isinstance(name, str) and (kind, name) in names:
            at = manifest.at(*pointer)
            manifest = set_at(manifest, pointer, names[kind, name], at.document, at.pointer)
    return manifest


def _labels(spec: dict[str, Any], base: Pointer) -> list[tuple[Pointer, dict[str, Any]]]:
    found: list[tuple[Pointer, dict[str, Any]]] = []
    if isinstance(spec.get("commonLabels"), dict):
        found.append(((*base, "commonLabels"), spec["commonLabels"]))
    for index, entry in enumerate(items(spec, "labels")):
        if isinstance(entry, dict) and isinstance(entry.get("pairs"), dict):
            found.append(((*base, "labels", index, "pairs"), entry["pairs"]))
    return found


def set_at(manifest: Manifest, pointer: Pointer, value: Any, document: Document, origin: Pointer) -> Manifest:
    """Return the object with one value set, remembering where it came from."""
    changed = _with(manifest.value, pointer, value)
    overlays = (*manifest.overlays, Overlay(pointer, document, origin))
    namespace = value if pointer == ("metadata", "namespace") else manifest.namespace
    return replace(manifest, value=changed, overlays=overlays, namespace=namespace)


def _with(value: Any, pointer: Pointer, new: Any) -> Any:
    if not pointer:
        return new
    step, rest = pointer[0], pointer[1:]
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [_with(item, rest, new) if index == step else item for index, item in enumerate(value)]
    base = value if isinstance(value, dict) else {}
    return {**base, step: _with(base.get(step), rest, new)}


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch of a kustomization or of a Flux Kustomization, and what it selects."""

    document: Document
    body: Any
    origin: Pointer | None
    """Where the body stands in `document`; None for one written as text, which is reported as a whole."""
    target: dict[str, Any]
    text: Pointer = ()

    def apply(self, manifest: Manifest) -> Manifest:
        """Return the patched object, one with an empty value when the patch deletes it."""
        if not self.selects(manifest):
            return manifest
        if isinstance(self.body, list):
            return self._json_patch(manifest)
        if self.body.get("$patch") == "delete":
            return replace(manifest, value={})
        value, overlays = self._merge(manifest.value, _content(self.body), ())
        return replace(manifest, value=value, overlays=(*manifest.overlays, *overlays))

    def selects(self, manifest: Manifest) -> bool:
        target = self.target
        if not target and isinstance(self.body, dict):
            metadata = self.body.get("metadata")
            if not isinstance(metadata, dict):
                return False
            same = self.body.get("kind") == manifest.kind and metadata.get("name") == manifest.name
            return same and metadata.get("namespace", manifest.namespace) == manifest.namespace
        facts = {
            "kind": manifest.kind,
            "name": manifest.name,
            "namespace": manifest.namespace,
            "group": manifest.group,
            "version": manifest.api_version.rpartition("/")[2],
        }
        for key, fact in facts.items():
            wanted = target.get(key)
            if isinstance(wanted, str) and wanted and not _matches(wanted, fact):
                return False
        selector = target.get("labelSelector")
        return not isinstance(selector, str) or _labelled(selector, manifest.labels)

    def _origin(self, pointer: Pointer) -> Pointer:
        return self.text if self.origin is None else (*self.origin, *pointer)

    def _merge(self, base: Any, patch: Any, pointer: Pointer) -> tuple[Any, list[Overlay]]:
        if not isinstance(patch, dict):
            return patch, [Overlay(pointer, self.document, self._origin(pointer))]
        merged = dict(base) if isinstance(base, dict) else {}
        overlays: list[Overlay] = []
        for key, value in patch.items():
            if key == "$patch":
                continue
            if value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
                merged.pop(key, None)
            else:
                merged[key], below = self._merge(merged.get(key), value, (*pointer, key))
                overlays.extend(below)
        if not isinstance(base, dict):
            overlays.insert(0, Overlay(pointer, self.document, self._origin(pointer)))
        return merged, overlays

    def _json_patch(self, manifest: Manifest) -> Manifest:
        value = copy.deepcopy(manifest.value)
        overlays = list(manifest.overlays)
        for index, step in enumerate(self.body):
            if not isinstance(step, dict) or not isinstance(step.get("path"), str):
                continue
            pointer = _json_pointer(step["path"], value)
            origin = self.text if self.origin is None else (*self.origin, index, "value")
            if step.get("op") == "remove":
                _remove(value, pointer)
            elif step.get("op") in {"add", "replace"} and _put(value, pointer, step.get("value"), step["op"]):
                overlays.append(Overlay(pointer, self.document, origin))
        return replace(manifest, value=value, overlays=tuple(overlays))


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """Return a strategic merge patch without what only says whom it is for: no patch renames an object."""
    found = {key: value for key, value in body.items() if key not in {"apiVersion", "kind", "metadata"}}
    metadata = body.get("metadata")
    if isinstance(metadata, dict):
        inner = {key: value for key, value in metadata.items() if key not in {"name", "namespace"}}
        return {**found, "metadata": inner} if inner else found
    return found


def _matches(pattern: str, text: str) -> bool:
    if len(pattern) > 256 or re.fullmatch(r"[\w./:-]*(\.\*)?[\w./:-]*|[\w./|()-]+", pattern) is None:
        return True
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return pattern == text


def _labelled(selector: str, labels: dict[str, Any]) -> bool:
    for part in selector.split(","):
        name, sign, wanted = part.partition("=")
        if sign and not name.endswith("!") and labels.get(name.strip()) != wanted.lstrip("=").strip():
            return False
    return True


def _json_pointer(text: str, value: Any) -> Pointer:
    steps: list[str | int] = []
    for part in text.split("/")[1:]:
        step: str | int = part.replace("~1", "/").replace("~0", "~")
        here = dig(value, tuple(steps))
        if isinstance(here, list):
            step = len(here) if step == "-" else int(step) if isinstance(step, str) and step.isdigit() else step
        steps.append(step)
    return tuple(steps)


def _remove(value: Any, pointer: Pointer) -> None:
    parent = dig(value, pointer[:-1]) if pointer else None
    if isinstance(parent, dict):
        parent.pop(pointer[-1], None)
    elif isinstance(parent, list) and isinstance(pointer[-1], int) and pointer[-1] < len(parent):
        del parent[pointer[-1]]


def _put(value: Any, pointer: Pointer, new: Any, operation: str) -> bool:
    parent = dig(value, pointer[:-1]) if pointer else None
    last = pointer[-1] if pointer else None
    if isinstance(parent, dict) and isinstance(last, str):
        parent[last] = new
        return True
    if isinstance(parent, list) and isinstance(last, int):
        if operation == "replace" and last < len(parent):
            parent[last] = new
        else:
            parent.insert(last, new)
        return True
    return False


def read_patches(
    tree: Tree, path: str, document: Document, *, base: Pointer = (), given: Any = None
) -> Iterator[Patch]:
    """Yield the patches of a kustomization (or, below `base`, of a Flux Kustomization)."""
    spec = dig(document.value, base) if given is None else given
    if not isinstance(spec, dict):
        return
    for key in ("patches", "patchesJson6902"):
        for index, entry in enumerate(items(spec, key)):
            if isinstance(entry, str) and key == "patches":
                yield from _patch_file(
                    tree, join(path, entry), {}
                )  # as older kustomize had it, and newer ones still read
            if not isinstance(entry, dict):
                continue
            target = entry.get("target") if isinstance(entry.get("target"), dict) else {}
            if isinstance(entry.get("patch"), str):
                yield from _inline(document, entry["patch"], target or {}, (*base, key, index, "patch"))
            elif isinstance(entry.get("path"), str):
                yield from _patch_file(tree, join(path, entry["path"]), target or {})
    for index, entry in enumerate(items(spec, "patchesStrategicMerge")):
        if isinstance(entry, str) and "\n" in entry:
            yield from _inline(document, entry, {}, (*base, "patchesStrategicMerge", index))
        elif isinstance(entry, str):
            yield from _patch_file(tree, join(path, entry), {})


def _inline(document: Document, text: str, target: dict[str, Any], where: Pointer) -> Iterator[Patch]:
    try:
        bodies = [found.value for found in exact.load_all(text.encode(), document.path)]
    except InputError:
        return
    for body in bodies:
        if isinstance(body, dict | list):
            yield Patch(document, body, None, target, where)


def _patch_file(tree: Tree, path: str, target: dict[str, Any]) -> Iterator[Patch]:
    for document in tree.documents(path):
        if isinstance(document.value, dict | list):
            yield Patch(document, document.value, (), target)


def generated(tree: Tree, path: str, document: Document) -> Iterator[Manifest]:
    """Yield the ConfigMaps and Secrets of the generators, with the files that are YAML read in."""
    for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        entries = dig(document.value, (key,))
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                continue
            data: dict[str, str] = {}
            overlays = [Overlay((), document, (key, index))]
            for order, item in enumerate(items(entry, "files")):
                name, _, source = str(item).rpartition("=")
                target = join(path, source)
                name = name or posixpath.basename(source)
                found = tree.documents(target)
                data[name] = found[0].data.decode(errors="replace") if found else ""
                origin = (found[0], ()) if found else (document, (key, index, "files", order))
                overlays.append(Overlay(("data", name), *origin))
            for order, item in enumerate(items(entry, "literals")):
                name, _, text = str(item).partition("=")
                data[name] = text
                overlays.append(Overlay(("data", name), document, (key, index, "literals", order)))
            metadata = {"name": entry["name"], **({"namespace": entry["namespace"]} if entry.get("namespace") else {})}
            value = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data, "generator": entry}
            yield Manifest(document, value, str(entry.get("namespace") or ""), tuple(overlays))


def join(folder: str, entry: str) -> str:
    """Return the path of `entry` as written in `folder`, relative to the root; one that leaves it stays unknown."""
    plain = entry.removeprefix("./")
    path = f"{folder}/{plain}" if folder else plain
    if "/." not in path and "//" not in path and path and path[0] not in "./" and path[-1] != "/":
        return path  # normal already, as most are
    path = posixpath.normpath(posixpath.join(folder, entry))
    return "" if path == "." else path


def remote(entry: str) -> bool:
    """Return whether a resource entry is a URL or a git base."""
    return "://" in entry or entry.startswith(("git@", "github.com/")) or "?ref=" in entry


def items(value: Any, key: str) -> list[Any]:
    """Return a list, an empty one where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def strings(value: Any, key: str) -> list[str]:
    """Return the strings of a list, an empty list where there is none."""
    return [item for item in items(value, key) if isinstance(item, str)]
