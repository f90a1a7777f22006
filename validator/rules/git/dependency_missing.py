"""A dependency on something that does not exist.

What it finds:
    `dependsOn` of a Flux Kustomization or HelmRelease that names none of the same kind among what this
    cluster's Flux applies: misspelt, in another namespace, or removed.

Why it matters:
    The controller waits for it: `dependency 'flux-system/x' is not ready`. Nothing of this object is ever
    applied, and after a rename nothing changes any more, while everything keeps running as it was.
    Source: fluxcd/kustomize-controller internal/controller/kustomization_controller.go checkDependencies;
    helm-controller.

Bad:
    metadata: {name: amko}
    spec: {dependsOn: [{name: akoo}]}

Good:
    metadata: {name: amko}
    spec: {dependsOn: [{name: ako}]}

Fix:
    Write the name, and the namespace where it is another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.git._syncs import Root, advice, roots


@rule("GIT103", Severity.ERROR, sources=("GIT-02", "fluxcd/kustomize-controller internal/controller"))
def check(estate: Estate) -> Iterator[Problem]:
    for root in roots(estate):
        for manifest in root.waiting:
            if "dependsOn" in manifest.spec:
                yield from _dependencies(estate, root, manifest)


def _dependencies(estate: Estate, root: Root, manifest: Manifest) -> Iterator[Problem]:
    entries = manifest.spec.get("dependsOn")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or "${" in name:
            continue
        namespace = entry.get("namespace") or manifest.namespace
        if root.find(manifest.kind, name, namespace):
            continue
        hint = advice(name, root.names(manifest.kind, namespace))
        other = root.elsewhere(manifest.kind, name)
        if not hint and other is None and (root.may_come(namespace) or estate.unreadable):
            continue
        text = f"{manifest.kind} `{manifest.name}` depends on `{namespace}/{name}`, which does not exist{hint}"
        at = manifest.at("spec", "dependsOn", index, "name")
        related = ((other.at("metadata", "name"), f"one of that name is in `{other.namespace}`"),) if other else ()
        yield Problem(at, text, related, absence=root.folder)
