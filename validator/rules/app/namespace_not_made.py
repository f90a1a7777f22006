"""A GSLB host stands in a namespace that its cluster does not make.

What it finds:
    An Ingress without a namespace, or in one that nothing in the repository makes in that cluster, while the same
    host stands in a namespace that is made in another cluster.

Why it matters:
    The API server refuses an object in a namespace that is not there; Flux and Argo CD then apply nothing of that
    sync. The site has no Ingress and AMKO no member.
    Source: Kubernetes namespace lifecycle admission; fluxcd.io Kustomization v1, `namespace not specified`.

Bad:
    # Namespace shop; Ingress:
    metadata: {name: shop, namespace: shopp}

Good:
    metadata: {name: shop, namespace: shop}

Fix:
    Correct the namespace, or commit the Namespace for that cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.app._shared import declared_hosts, listed

BUILT_IN = frozenset({"default", "kube-system", "kube-public", "avi-system", "flux-system", "argocd"})


@rule("APP132", Severity.ERROR, sources=("APP-01", "kubernetes plugin/pkg/admission/namespace/lifecycle"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = declared_hosts(estate)
    for selection in estate.selections:
        told: set[int] = set()
        for host, clusters in selection.hosts.items():
            if host in declared:
                continue
            group = [found for part in clusters.values() for found in part]
            made = [found for found in group if found.manifest.namespace in found.cluster.workloads.namespaces]
            if not made or len(made) == len(group):
                continue
            for found in group:
                item, cluster = found.manifest, found.cluster
                if id(item) in told or _there(cluster, item.namespace):
                    continue
                if cluster.workloads.foreign(estate.folders) - made[0].cluster.workloads.foreign(estate.folders):
                    continue
                told.add(id(item))
                known = listed(sorted(set(cluster.workloads.namespaces) - BUILT_IN)) or "none"
                what = (
                    f"is in namespace `{item.namespace}`, which is not made" if item.namespace else "has no namespace"
                )
                yield Problem(
                    item.at("metadata", "namespace" if item.namespace else "name"),
                    f"Ingress `{item.name}` of host `{host}` {what} in cluster `{cluster.name}`; the repository "
                    f"makes {known}",
                    related=((made[0].manifest.at("metadata", "namespace"), f"cluster `{made[0].cluster.name}`"),),
                    site=cluster.site,
                    cluster=cluster.name,
                )


def _there(cluster: Cluster, namespace: str) -> bool:
    workloads = cluster.workloads
    if not namespace or namespace in BUILT_IN or namespace in workloads.namespaces or "$" in namespace:
        return True
    return namespace in workloads.created_namespaces
