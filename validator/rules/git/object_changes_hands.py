"""An object moves from one Flux Kustomization or Argo CD Application to another.

What it finds:
    An AKO or AMKO release, a Namespace, a `Cluster` or a PersistentVolumeClaim that another Kustomization or
    Application applies than at the base revision, one with a new name counts as another, while the old one
    prunes. Needs `--base`.

Why it matters:
    The old one sees its object gone and deletes it, unless the new one has already put its own mark on it:
    which of the two comes first is chance. A Namespace, a `Cluster` or a volume that is deleted this way does
    not come back with its content, and with AMKO's release goes the policy and every GSLB service.
    Source: fluxcd/kustomize-controller internal/controller/kustomization_controller.go prune, finalize; Argo CD
    (resource tracking).

Bad:
    kind: Kustomization
    metadata: {name: load-balancing, namespace: flux-system}     # was avi; same path, prune: true
    spec: {path: ./clusters/wld/avi, prune: true}

Good:
    kind: Kustomization
    metadata: {name: avi, namespace: flux-system}
    spec: {path: ./clusters/wld/avi, prune: true}

Fix:
    Keep the name. To move objects: set `prune: false` on the old one (or `kustomize.toolkit.fluxcd.io/prune:
    disabled` on the objects), let that be applied, move them in a second commit, and take the guard away in a
    third.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import CAPI, Pair, identity, survives
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.read.manifest import Manifest
from validator.rules import rule

LISTED = 3


@rule(
    "GIT903", Severity.ERROR, sources=("fluxcd/kustomize-controller internal/controller/kustomization_controller.go",)
)
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.clusters if estate.past else ():
        moved: dict[tuple[str, str], list[Manifest]] = {}
        heavy = _heavy(pair)
        known = {identity(item): item for item in pair.new.manifests}
        for item in pair.old.manifests:
            new = known.get(identity(item))
            if new is None or new.applied_by == item.applied_by or identity(item) not in heavy:
                continue
            if not survives(item, pair.old) and not survives(new, pair.old):
                moved.setdefault((item.applied_by, new.applied_by), []).append(new)
        for (before, now), items in moved.items():
            names = ", ".join(f"{item.kind} `{item.name}`" for item in items[:LISTED])
            more = f" and {len(items) - LISTED} more" if len(items) > LISTED else ""
            sync = next((one for one in pair.new.manifests if _is_sync(one) and one.name == now), items[0])
            yield Problem(
                sync.at("metadata", "name"),
                f"{names}{more} of cluster `{pair.new.name}` was applied by {_called(before)} and is applied by "
                f"{_called(now)}: the old one prunes it, whatever the new one applies; move it in two steps",
            )


def _called(name: str) -> str:
    return f"`{name}`" if name else "the sync root"


def _is_sync(item: Manifest) -> bool:
    return flux.is_kustomization(item) or argocd.is_application(item)


def _heavy(pair: Pair[Cluster]) -> set[tuple[str, str, str, str]]:
    """Return the objects whose deletion is not undone by applying them again."""
    kinds = (("Namespace", ""), ("Cluster", CAPI), ("PersistentVolumeClaim", ""))
    found = {identity(item) for kind, group in kinds for item in pair.old.of(kind, group)}
    return found | {identity(release.manifest) for release in (*pair.old.ako, *pair.old.amko)}
