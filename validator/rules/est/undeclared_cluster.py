"""The repository has a cluster that the estate file does not know.

What it finds:
    A cluster with an AKO or AMKO release, or a ClusterClass `Cluster` object, whose name is neither a workload
    nor a management cluster of `estate.yaml`.

Why it matters:
    The next rendering leaves it out: its context disappears from `memberClusters` and from the policy, and AMKO
    takes its members out of every GSLB service at its next restart. With `prune`, Flux deletes the Cluster
    object and so the cluster.
    Source: fluxcd.io, Kustomization prune; AMKO gslb/ingestion/fullsync.go@2.1.1; this project's `estate
    apply`.

Bad:
    # sites/site01/management/clusters/tkg-extra.yaml, not in estate.yaml
    kind: Cluster
    metadata: {name: tkg-extra}

Good:
    # estate.yaml
    sites: [{name: site01, clusters: [{name: tkg-extra}]}]

Fix:
    Declare it in the estate file, or remove its folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule
from validator.rules.est._declared import entries


@rule("EST201", Severity.ERROR, sources=("EST", "fluxcd.io Kustomization prune"))
def check(estate: Estate) -> Iterator[Problem]:
    names = {entry.data["name"] for entry in entries(estate)}
    if estate.declared is None or not names:
        return
    managers = {site["management"]["cluster"] for site in estate.declared.resolved["sites"]}
    known = names | managers
    listed = ((estate.declared.at("sites"), f"{len(names)} workload clusters are declared"),)
    for cluster in estate.clusters:
        releases = [*cluster.ako, *cluster.amko]
        if releases and cluster.declared is None and cluster.name not in known:
            at = releases[0].manifest.at("metadata", "name")
            hint = _hint(cluster.name, names)
            text = f"cluster `{cluster.name}` (folder `{cluster.root}`) is not in the estate file{hint}"
            yield Problem(at, text, related=listed)
        for manifest in cluster.of("Cluster", "cluster.x-k8s.io"):
            if manifest.name and manifest.name not in known:
                at = manifest.at("metadata", "name")
                hint = _hint(manifest.name, names)
                yield Problem(at, f"Cluster `{manifest.name}` is not in the estate file{hint}", related=listed)


def _hint(name: str, known: set[str]) -> str:
    near = nearest(name, known)
    return f", did you mean `{near}`?" if near else ""
