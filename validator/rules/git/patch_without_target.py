"""A patch that matches nothing, or that cannot be applied.

What it finds:
    In kustomizations, Flux Kustomizations and post-renderers of AKO and AMKO: a patch whose target is no object of what is
    built there or of what the chart makes, a JSON patch with an operation or a path that is none, and a patch that is no YAML.

Why it matters:
    A patch with a `target` that matches nothing is passed over in silence: the setting that it was made for is not there. One
    without a target, or with a wrong operation, stops kustomize, and nothing of the folder or release is applied.
    Source: kubernetes-sigs/kustomize api/internal/builtins/PatchTransformer.go; RFC 6902; fluxcd.io, HelmRelease, Post renderers.

Bad:
    postRenderers:
      - kustomize:
          patches:
            - target: {kind: GslbConfig}
              patch: "..."

Good:
    postRenderers:
      - kustomize:
          patches:
            - target: {kind: GSLBConfig}
              patch: "..."

Fix:
    Name the object as it is called, or take the patch out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from validator.errors import InputError
from validator.facts.names import MADE_BY_CHARTS
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read import exact, flux
from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.kustomize import items, read_patches
from validator.read.manifest import Manifest, dig
from validator.rules import rule

PATCHES = frozenset({"patches", "patchesJson6902", "patchesStrategicMerge"})
OPERATIONS = frozenset("add remove replace move copy test".split())


@rule("GIT126", Severity.ERROR, sources=("GIT", "kubernetes-sigs/kustomize api/internal/builtins", "RFC 6902"))
def check(estate: Estate) -> Iterator[Problem]:
    seen: set[int] = set()
    plain: set[int] = set()
    for document in estate.kustomizations:
        if id(document.value) in plain:  # files of the same text share one value
            continue
        if PATCHES.isdisjoint(document.value):
            plain.add(id(document.value))
            continue
        yield from _written(document, ())
        folder = document.path.rpartition("/")[0]
        built = estate.folders.build(folder)
        whole = document.kind != "Component" and folder not in estate.folders.gaps
        if whole and not any(item.uncertain for item in built):
            yield from _unmatched(estate, document, (), built)
    for cluster in estate.clusters:
        for sync in cluster.of("Kustomization", flux.KUSTOMIZE):
            if not _patches(sync.document) or id(sync.document) in seen or sync.uncertain:
                continue
            seen.add(id(sync.document))
            yield from _written(sync.document, ("spec",))
            path = flux.local_path(sync, estate.folders)
            if path is not None and path not in estate.folders.gaps:
                built = estate.folders.build(path)
                if built and not any(item.uncertain for item in built):
                    yield from _unmatched(estate, sync.document, ("spec",), built)
        for release in (*cluster.ako, *cluster.amko):
            if release.engine == "flux" and id(release.manifest.document) not in seen:
                seen.add(id(release.manifest.document))
                yield from _rendered(release.manifest, release.chart)


def _patches(document: Document) -> bool:
    """Return whether a Flux Kustomization has patches of its own."""
    spec = document.value.get("spec")
    return isinstance(spec, dict) and not PATCHES.isdisjoint(spec)


def _entries(value: Any, base: Pointer) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    for index, entry in enumerate(items(dig(value, base), "patches")):
        if isinstance(entry, dict):
            yield (*base, "patches", index), entry


def _written(document: Document, base: Pointer) -> Iterator[Problem]:
    for pointer, entry in _entries(document.value, base):
        text = entry.get("patch")
        if isinstance(text, str) and "${" not in text:
            yield from _text(Ref(document, (*pointer, "patch")), text)


@lru_cache(maxsize=1024)
def _bodies(text: str) -> tuple[Any, ...] | str:
    """Return the documents of a patch, or what is wrong with its text: most clusters have the same one."""
    try:
        return tuple(tree.value for tree in exact.load_all(text.encode(), ""))
    except InputError as error:
        return error.message.removeprefix("is not YAML: ")


def _text(at: Ref, text: str) -> Iterator[Problem]:
    bodies = _bodies(text)
    if isinstance(bodies, str):
        yield Problem(at, f"the patch is no YAML, and kustomize stops: {bodies}")
        return
    for body in bodies:
        for index, step in enumerate(body if isinstance(body, list) else ()):
            operation, path = dig(step, ("op",)), dig(step, ("path",))
            place = Ref(at.document, at.pointer, inside=(index,))
            if operation not in OPERATIONS:
                meant = nearest(str(operation), sorted(OPERATIONS))
                hint = f", did you mean `{meant}`?" if meant else f", allowed are {', '.join(sorted(OPERATIONS))}"
                yield Problem(place, f"`{operation}` is no operation of a JSON patch, and kustomize stops{hint}")
            elif not isinstance(path, str) or not path.startswith("/"):
                yield Problem(place, f"path `{path}` of a JSON patch must begin with `/`; kustomize stops")


def _unmatched(estate: Estate, document: Document, base: Pointer, built: list[Manifest]) -> Iterator[Problem]:
    patches = list(read_patches(estate.folders, document.path.rpartition("/")[0], document, base=base))
    if not patches:
        return
    written = [Manifest(item.document, item.document.value, item.namespace) for item in built if _is_one(item)]
    for patch in patches:
        if any(patch.selects(item) for item in (*written, *built)) or _deletes(patch.body):
            continue
        wanted = patch.target or _identity(patch.body)
        if any("$" in str(value) for value in wanted.values()):
            continue
        near = nearest(str(wanted.get("name")), [item.name for item in built if item.kind == wanted.get("kind")])
        at = Ref(document, patch.text) if patch.text else Ref(patch.document, patch.origin or ())
        said = " ".join(f"{key} `{value}`" for key, value in wanted.items() if value and key in {"kind", "name"})
        ends = "it changes nothing" if patch.target else "kustomize stops"
        hint = f", did you mean `{near}`?" if near else ""
        severity = Severity.WARNING if patch.target else None
        yield Problem(at, f"no object here is {said or 'what the patch is for'}: {ends}{hint}", severity=severity)


def _is_one(item: Manifest) -> bool:
    return isinstance(item.document.value, dict) and item.document.kind == item.kind


def _deletes(body: Any) -> bool:
    return isinstance(body, dict) and body.get("$patch") == "delete"


def _identity(body: Any) -> dict[str, Any]:
    return {"kind": dig(body, ("kind",)), "name": dig(body, ("metadata", "name"))}


def _rendered(manifest: Manifest, chart: str) -> Iterator[Problem]:
    kinds = MADE_BY_CHARTS.get(chart)
    for index, renderer in enumerate(items(manifest.spec, "postRenderers")):
        base = ("spec", "postRenderers", index, "kustomize")
        for pointer, entry in _entries(manifest.value, base):
            at = manifest.at(*pointer, "patch")
            text = entry.get("patch")
            if isinstance(text, str) and "${" not in text and isinstance(renderer, dict):
                yield from _text(at, text)
            kind = dig(entry, ("target", "kind"))
            if kinds and isinstance(kind, str) and kind.isalnum() and kind not in kinds:
                near = next((one for one in kinds if one.lower() == kind.lower()), nearest(kind, sorted(kinds)))
                hint = f", did you mean `{near}`?" if near else ""
                yield Problem(
                    manifest.at(*pointer, "target", "kind"),
                    f"the {chart.upper()} chart makes no `{kind}`: the patch changes nothing{hint}",
                    severity=Severity.WARNING,
                )
