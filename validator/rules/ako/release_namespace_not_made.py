"""AKO is to run in a namespace that its cluster does not make.

What it finds:
    An AKO release in a namespace that nothing in the repository makes in that cluster, while AKO of another cluster
    stands in one that is made there.

Why it matters:
    Helm does not make the namespace unless it is told so: `namespaces not found`. The cluster has no AKO.
    Source: fluxcd.io HelmRelease v2, install.createNamespace; argo-cd.readthedocs.io, CreateNamespace.

Bad:
    # Namespace avi-system
    kind: HelmRelease
    spec: {targetNamespace: avi-sytem}

Good:
    kind: HelmRelease
    spec: {targetNamespace: avi-system}

Fix:
    Correct the namespace, or commit the Namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import releases

BUILT_IN = frozenset({"", "default", "kube-system"})


@rule("AKO136", Severity.ERROR, sources=("AKO-21", "fluxcd.io HelmRelease v2"))
def check(estate: Estate) -> Iterator[Problem]:
    found = [release for release in releases(estate) if release.is_chart]
    model = next((release for release in found if release.namespace in release.cluster.workloads.namespaces), None)
    for release in found if model is not None else ():
        workloads = release.cluster.workloads
        if release.namespace in workloads.namespaces:
            continue
        known = workloads.created_namespaces | BUILT_IN
        if model is None or release.namespace in known or "$" in release.namespace:
            continue
        if workloads.foreign(estate.folders) - model.cluster.workloads.foreign(estate.folders):
            continue
        yield Problem(
            _place(release),
            f"AKO of cluster `{release.cluster.name}` goes to namespace `{release.namespace}`, which is not made there",
            related=((_place(model), f"AKO of `{model.cluster.name}` goes to `{model.namespace}`"), *_meant(release)),
            absence=release.cluster.root,
        )


def _meant(release: Release) -> Iterator[tuple[Ref, str]]:
    """Yield the Namespace that has nearly the name of the one that is missing."""
    made = release.cluster.workloads.namespaces
    name = nearest(release.namespace, made)
    if name is not None:
        yield made[name].at("metadata", "name"), f"Namespace `{name}`"


def _place(release: Release) -> Ref:
    manifest = release.manifest
    for pointer in (("spec", "targetNamespace"), ("spec", "destination", "namespace")):
        if manifest.get(*pointer) is not None:
            return manifest.at(*pointer)
    return manifest.at("metadata", "namespace")
