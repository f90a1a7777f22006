"""A source that does not exist.

What it finds:
    `sourceRef` of a Flux Kustomization or HelmRelease, or `chartRef`, that names no source among what this
    cluster's Flux applies: misspelt, of another kind, in another namespace, or removed. The source
    `flux-system`, which `flux bootstrap` makes, may be missing.

Why it matters:
    The controller reports `Source not found` and applies nothing. A release that was installed stays as it is
    and follows no change any more.
    Source: fluxcd/kustomize-controller and helm-controller internal/controller, getSource.

Bad:
    sourceRef: {kind: HelmRepository, name: ak0}

Good:
    sourceRef: {kind: HelmRepository, name: ako}

Fix:
    Write kind, name and namespace as the source has them, and see that the source is in a kustomization.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.git._syncs import FLUX_SYSTEM, Root, advice, roots

REFERENCES: tuple[Pointer, ...] = (
    ("spec", "sourceRef"),
    ("spec", "chart", "spec", "sourceRef"),
    ("spec", "chartRef"),
)


MADE_ELSEWHERE = "ExternalArtifact"
"""Kind of source that a controller makes, such as that of ArtifactGenerator: it is in no repository."""


@rule("GIT105", Severity.ERROR, sources=("GIT-03", "fluxcd/helm-controller internal/controller"))
def check(estate: Estate) -> Iterator[Problem]:
    for root in roots(estate):
        for manifest in root.waiting:
            for pointer in REFERENCES:
                if pointer[1] in manifest.spec:
                    yield from _reference(estate, root, manifest, pointer)


def _reference(estate: Estate, root: Root, manifest: Manifest, pointer: Pointer) -> Iterator[Problem]:
    reference = manifest.get(*pointer)
    if not isinstance(reference, dict):
        return
    kind, name = reference.get("kind"), reference.get("name")
    if not isinstance(kind, str) or not isinstance(name, str) or "${" in name or kind == MADE_ELSEWHERE:
        return
    namespace = reference.get("namespace") or manifest.namespace
    if root.find(kind, name, namespace):
        return
    other = root.elsewhere(kind, name) or next(
        (m for m in root.manifests if m.name == name and m.kind.endswith("Repository") and m.kind != kind), None
    )
    hint = advice(name, root.names(kind, namespace))
    unseen = root.may_come(namespace) or estate.unreadable or name == FLUX_SYSTEM
    if not hint and other is None and unseen:
        return
    text = f"{manifest.kind} `{manifest.name}` takes from {kind} `{namespace}/{name}`, which does not exist{hint}"
    other = other or root.find(kind, nearest(name, root.names(kind, namespace)) or "", namespace)
    note = f"{other.kind} `{other.name}` in `{other.namespace}` is here" if other else ""
    related = ((other.at("metadata", "name"), note),) if other else ()
    yield Problem(manifest.at(*pointer, "name"), text, related, absence=root.folder)
