"""A manifest that is no object: without `kind`, without `apiVersion`, or without what it is for.

What it finds:
    A document with `metadata` and one of `apiVersion` and `kind`, but not both; a release, a sync, a source, a
    Cluster or an AMKO object without `spec`.

Why it matters:
    kustomize refuses the folder (`missing Resource metadata`, `missing kind`), so that nothing of it is
    applied; an object without `spec` is taken by the API server and does nothing.
    Source: kubernetes-sigs/kustomize api/resmap; kyaml; CustomResourceDefinitions whose `spec` is optional.

Bad:
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}

Good:
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}
    spec: {interval: 1h}

Fix:
    Add what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator import schema
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read.documents import Document
from validator.rules import rule
from validator.rules.sch._effective import is_helm_template, patch_files

NEEDS_SPEC = {
    "Cluster": "cluster.x-k8s.io",
    "HelmRelease": "helm.toolkit.fluxcd.io",
    "Kustomization": "kustomize.toolkit.fluxcd.io",
    "GitRepository": "source.toolkit.fluxcd.io",
    "HelmRepository": "source.toolkit.fluxcd.io",
    "OCIRepository": "source.toolkit.fluxcd.io",
    "Application": "argoproj.io",
    "Ingress": "networking.k8s.io",
    "AMKOCluster": "amko.vmware.com",
    "GSLBConfig": "amko.vmware.com",
    "GlobalDeploymentPolicy": "amko.vmware.com",
    "GSLBHostRule": "amko.vmware.com",
    "HostRule": "ako.vmware.com",
    "SealedSecret": "bitnami.com",
    "ExternalSecret": "external-secrets.io",
}


def _told(document: Document) -> bool:
    """Return whether the schema tells of the missing `spec`: it is required, or written in another way."""
    if nearest("spec", document.value) is not None:
        return True
    found = schema.check(document.api_version, document.kind, document.value)
    return any(one.keyword == "required" and not one.pointer for one in found)


@rule("SCH103", Severity.ERROR, sources=("SCH", "kubernetes-sigs/kustomize api/resmap"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    patches: set[str] | None = None
    silent = not any(not _is_whole(document) and any(_judge(document)) for document in estate.distinct)
    for document in estate.documents if not silent else ():
        found = list(_judge(document))
        if found:
            patches = patch_files(estate) if patches is None else patches
            if document.path not in patches and not is_helm_template(estate, document):
                yield from found


def _is_whole(document: Document) -> bool:
    """Return whether a document is plainly an object with all of its parts."""
    if not document.kind or not document.api_version:
        return False
    if NEEDS_SPEC.get(document.kind) != document.group:
        return True
    return document.kind != "Cluster" and "spec" in document.value


def _judge(document: Document) -> Iterator[Problem]:
    value = document.value
    if not isinstance(value, dict):
        return
    metadata = value.get("metadata")
    named = isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
    has_kind, has_version = bool(document.kind), bool(document.api_version)
    if named and has_kind != has_version:
        missing, near = ("apiVersion", "kind") if has_kind else ("kind", "apiVersion")
        at = document.ref(missing) if missing in value else document.ref()
        yield Problem(
            at, f"`{missing}` is missing or no text, beside `{near}: {document.text(near)}`: this is no object"
        )
    elif has_kind and NEEDS_SPEC.get(document.kind) == document.group and "spec" not in value:
        if _told(document):
            return
        yield Problem(document.ref(), f"{document.kind} `{document.name}` has no `spec`: it does nothing")
    elif document.kind == "Cluster" and document.group == NEEDS_SPEC["Cluster"]:
        spec = value["spec"] if isinstance(value["spec"], dict) else {"topology": True}
        if not spec.get("topology") and not spec.get("infrastructureRef"):
            text = f"Cluster `{document.name}` has neither `topology` nor `infrastructureRef`: nothing is made of it"
            yield Problem(document.ref("spec"), text)
