"""A cluster is deleted with its manifest.

What it finds:
    A `Cluster` of the base revision that is in the repository no more, while the management cluster that
    applies it stays, and nothing keeps the object from being pruned. Needs `--base`.

Why it matters:
    Flux or Argo CD deletes the object, and Cluster API then deletes every machine of the cluster with its
    disks. Its AKO goes down with it and leaves its virtual services in Avi; GSLB keeps sending users to them
    until the health monitors notice.
    Source: fluxcd.io Kustomization `spec.prune`; kubernetes-sigs/cluster-api internal/controllers/cluster
    (v1.2.8).

Bad:
    # sites/site01/management/clusters/wld.yaml is deleted; the object had no annotation

Good:
    metadata:
      annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}

Fix:
    Where the cluster is to stay, put the manifest back. Where it is to go: first take it out of GSLB, then let
    AKO delete its objects (`deleteConfig: "true"`), then delete it, and say in the pull request that this is
    meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import survives
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule(
    "TKG905", Severity.ERROR, sources=("fluxcd.io Kustomization v1", "cluster-api internal/controllers/cluster@v1.2.8")
)
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    for lost in past.lost_topologies if past else ():
        assert past is not None
        if lost.manager is None or survives(lost.manifest, lost.manager):
            continue
        yield Problem(
            past.place(lost.manifest.document.path),
            f"cluster `{lost.name}` is in the repository no more: when it is pruned, Cluster API deletes it with all "
            "its machines",
        )
