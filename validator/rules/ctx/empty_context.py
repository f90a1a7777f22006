"""An entry without a cluster in one of AMKO's lists.

What it finds:
    In AMKOCluster, GSLBConfig, GlobalDeploymentPolicy and GSLBHostRule objects: an empty context in `clusters`, and an entry of
    `memberClusters`, `matchClusters`, `trafficSplit` or `publicIP` that names no cluster. (In the values of the chart the values
    schema tells.)

Why it matters:
    The API server accepts it. As a member of the federation or of GSLB it is a context that no kubeconfig has; in the policy AMKO
    refuses everything: `cluster context  not present in GSLBConfig`.
    Source: AMKO helm/amko/crds; gslb/ingestion/gdp_controller.go GDPSanityChecks (1.9.1 to 2.1.1).

Bad:
    kind: GlobalDeploymentPolicy
    spec: {matchClusters: [{cluster: a-admin@a}, {}]}

Good:
    kind: GlobalDeploymentPolicy
    spec: {matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]}

Fix:
    Write the context, or remove the entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.schema.faults import tells_of

LISTS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "AMKOCluster": (("clusters", None),),
    "GSLBConfig": (("memberClusters", "clusterContext"),),
    "GlobalDeploymentPolicy": (("matchClusters", "cluster"), ("trafficSplit", "cluster")),
    "GSLBHostRule": (("trafficSplit", "cluster"), ("publicIP", "cluster")),
}


@rule("CTX111", Severity.ERROR, sources=("AMKO-CTX-01", "AMKO-CTX-02", "AMKO-CTX-03", "AMKO-CTX-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders(*LISTS):
        for kind, lists in LISTS.items():
            for manifest in cluster.of(kind, GROUP):
                for key, name in lists:
                    yield from _empty(manifest, key, name)


def _empty(manifest: Manifest, key: str, name: str | None) -> Iterator[Problem]:
    items = manifest.spec.get(key)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if name is not None and not isinstance(item, dict):
            continue
        text = item.get(name) if name is not None else item
        pointer = ("spec", key, index) if name is None else ("spec", key, index, name)
        if text in (None, "") and not tells_of(manifest, *pointer):
            yield Problem(
                manifest.at(*pointer),
                f"entry {index + 1} of `spec.{key}` of {manifest.kind} `{manifest.name}` names no cluster; write a context or remove it",
            )
