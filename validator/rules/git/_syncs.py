"""What Flux objects refer to, looked up in everything that one sync root applies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from validator.model import Estate
from validator.nearness import nearest
from validator.once import once
from validator.read import flux
from validator.read.manifest import Manifest

GROUPS = {"Kustomization": flux.KUSTOMIZE, "HelmRelease": flux.HELM}
FLUX_SYSTEM = "flux-system"
"""The source that `flux bootstrap` and the Flux Operator make beside the repository."""


@dataclass(slots=True)
class Root:
    """The objects that Flux in one cluster handles: those for itself, and those that it applies to other clusters."""

    folder: str = ""
    manifests: list[Manifest] = field(default_factory=list)
    waiting: list[Manifest] = field(default_factory=list)
    """The Kustomizations and HelmReleases, which wait for each other and take from sources."""
    foreign: list[Manifest] = field(default_factory=list)
    """Kustomizations that apply something which this repository does not hold."""
    complete: bool = True
    """Whether the objects that sync the root are in the repository themselves."""

    def find(self, kind: str, name: str, namespace: str) -> Manifest | None:
        """Return an object by kind, name and namespace; an object without a namespace may be meant."""
        for manifest in self.manifests:
            if manifest.kind == kind and manifest.name == name and manifest.namespace in (namespace, ""):
                return manifest
        return None

    def names(self, kind: str, namespace: str) -> list[str]:
        return [m.name for m in self.manifests if m.kind == kind and m.namespace in {namespace, ""}]

    def elsewhere(self, kind: str, name: str) -> Manifest | None:
        """Return an object of that name in whatever namespace."""
        return next((m for m in self.manifests if m.kind == kind and m.name == name), None)

    def may_come(self, namespace: str) -> bool:
        """Return whether another repository may bring an object into a namespace, which cannot be seen here."""
        return (
            any(m.spec.get("targetNamespace") in {None, namespace} for m in self.foreign)
            or any(m.uncertain for m in self.manifests)
            or not self.complete
        )


@once
def roots(estate: Estate) -> list[Root]:
    """Return the sync roots; all clusters that one Flux applies to are one root."""
    found: defaultdict[str, Root] = defaultdict(Root)
    for cluster in estate.clusters:
        root = found[cluster.root]
        root.folder = cluster.root
        root.manifests.extend(cluster.manifests if root.manifests else [*cluster.hub, *cluster.manifests])
        root.complete = cluster.complete
        for sync in cluster.of("Kustomization", flux.KUSTOMIZE):
            if flux.local_path(sync, estate.folders) is None:
                root.foreign.append(sync)
    for root in found.values():
        root.waiting = [one for one in root.manifests if GROUPS.get(one.kind) == one.group]
    return list(found.values())


def advice(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean ...` for a name that is nearly a known one."""
    near = nearest(name, known)
    return f", did you mean `{near}`?" if near else ""
