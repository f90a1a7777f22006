"""An object does not fit the schema of its kind.

What it finds:
    Unknown fields, missing required fields, values of another type, out of range or not among the allowed ones,
    in every kind under `schemas/kinds/`: AKO, AMKO, Cluster API, TKG, Flux, Argo CD, secrets and the core kinds
    beside them. Patch files of kustomize are left out: they are parts of objects; what they make of an object
    is checked instead. kubeconform judges where it runs, the built-in engine otherwise, with the same result.

Why it matters:
    The API server refuses the object, or drops the field it does not know. Flux then stops applying the whole
    Kustomization that the object belongs to, Argo CD fails the sync; a dropped field leaves the default in
    force without a word.
    Source: CustomResourceDefinitions of the releases named in schemas/kinds; Kubernetes OpenAPI; fluxcd/pkg
    ssa.

Bad:
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}
    spec: {intervall: 1h}

Good:
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}
    spec: {interval: 1h}

Fix:
    Write the field as the message says; quote text that reads as a number or a boolean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from validator import schema
from validator.finding import Edit, Problem, Severity
from validator.fix import wanted_type
from validator.model import Estate
from validator.read.documents import Document
from validator.read.manifest import Manifest, dig
from validator.read.unknown import written
from validator.rules import rule
from validator.rules.sch._effective import applied, is_helm_template, patch_files, patched, without_echo
from validator.schema import SchemaProblem

REQUIRED = "required"
OF_A_TYPE = frozenset({"type", "enum", "anyOf", "oneOf"})
KUSTOMIZATION = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
"""What kustomize takes for granted in a kustomization.yaml."""

FACTS = ("AMKO-GC-05", "GDP-03", "GDP-04", "GDP-09", "GDP-13", "GDP-14", "GHR-10", "GHR-11")


@rule("SCH101", Severity.ERROR, sources=("SCH", "yannh/kubeconform v0.7.0", *FACTS))
def check(estate: Estate) -> Iterator[Problem]:
    patches = patch_files(estate)
    found = list(_written_wrong(estate, patches))
    mended = {id(one): _alike(document, one) for document, one in found if _mended(estate, document, one)}
    usual = set(mended.values())
    for document, one in found:
        if id(one) in mended or (_alike(document, one) in usual and not _is_applied(estate, document)):
            continue
        yield Problem(document.ref(*one.pointer, key=one.at_key), one.message, fix=_fix(document, one))
    for document in estate.kustomizations:
        if not {"kind", "apiVersion"} <= document.value.keys() and document.text("kind") in {"", "Kustomization"}:
            for one in _check({**KUSTOMIZATION, **document.value}):
                if _is_older_patch(document, one):
                    continue
                yield Problem(document.ref(*one.pointer, key=one.at_key), one.message)
    for manifest in patched(estate):
        known = {(one.pointer, one.keyword) for one in _check(manifest.document.value)}
        value = written(manifest.value)
        for one in _check(value):
            if (one.pointer, one.keyword) not in known and not _is_variable(value, one):
                yield Problem(
                    manifest.at(*one.pointer, key=one.at_key),
                    f"{manifest.kind} `{manifest.name}`: {one.message}",
                )


def _fix(document: Document, one: SchemaProblem) -> tuple[Edit, ...]:
    """Give a value the type that is wanted; what a number in `data` of a Secret was meant to be, nobody knows."""
    if one.keyword not in OF_A_TYPE or (document.kind == "Secret" and one.pointer[:1] == ("data",)):
        return ()
    return wanted_type.mended(document.ref(*one.pointer), wanted_type.in_object(document, one.pointer))


def _judge(estate: Estate, document: Document) -> list[SchemaProblem]:
    if estate.judge is None:
        return _check(document.value)
    return without_echo(estate.judge(document.path, document.value))


def _written_wrong(estate: Estate, patches: Collection[str]) -> Iterator[tuple[Document, SchemaProblem]]:
    """Yield what is wrong with the documents as they are written."""
    sound: set[int] = set()
    for document in estate.documents:
        # Documents of the same text share one value: what was found sound is not checked again in the next cluster.
        if id(document.value) in sound or not document.kind or document.path in patches or document.templated:
            continue
        problems = _judge(estate, document)
        if not problems and estate.judge is None:
            sound.add(id(document.value))
        for one in problems:
            if not (
                _is_variable(document.value, one)
                or is_helm_template(estate, document)
                or _is_older_patch(document, one)
            ):
                yield document, one


def _check(value: dict[str, object]) -> list[SchemaProblem]:
    return without_echo(schema.check(str(value.get("apiVersion", "")), str(value.get("kind", "")), value))


def _is_older_patch(document: Document, one: SchemaProblem) -> bool:
    """Return whether an entry of `patches` is a path, which kustomize takes for one of `patchesStrategicMerge`."""
    in_patches = document.group == "kustomize.config.k8s.io" or not document.group
    return in_patches and one.pointer[:1] == ("patches",) and isinstance(dig(document.value, one.pointer), str)


def _is_variable(value: object, one: SchemaProblem) -> bool:
    """Return whether a value is a variable, which is replaced before the API server sees it."""
    found = dig(value, one.pointer)
    return one.keyword != REQUIRED and isinstance(found, str) and ("${" in found or "{{" in found)


def _mended(estate: Estate, document: Document, one: SchemaProblem) -> bool:
    """Return whether a kustomization sets what is missing or wrong here wherever the object is applied."""
    results = applied(estate, document)
    return bool(results) and all(_is_mended(manifest, one) for manifest in results)


def _is_applied(estate: Estate, document: Document) -> bool:
    """Return whether a sync of this repository applies a document."""
    return any(
        item.document is document and (item.applied_by or cluster.complete)
        for cluster in estate.clusters
        for item in cluster.manifests
    )


def _alike(document: Document, one: SchemaProblem) -> tuple[str, object, str, str]:
    """Return what problems share that the same patch mends: in an object that nothing applies it would do so too."""
    return document.kind, one.pointer, one.keyword, one.message


def _is_mended(manifest: Manifest, one: SchemaProblem) -> bool:
    """Return whether a result is right where the document is not; another wrong value is told of the result."""
    left = {(found.pointer, found.keyword) for found in _check(written(manifest.value))}
    return (one.pointer, one.keyword) not in left
