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
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._hosts import declared_apps, listed

BUILT_IN = frozenset({"default", "kube-system", "kube-public", "avi-system", "flux-system", "argocd"})


@rule("APP132", Severity.ERROR, sources=("APP-01", "kubernetes plugin/pkg/admission/namespace/lifecycle"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = {app.get("host"): app.get("namespace") for _, app in declared_apps(estate)}
    for selection in estate.selections:
        told: set[int] = set()
        for host, clusters in selection.hosts.items():
            group = [found for part in clusters.values() for found in part]
            made = [found for found in group if found.manifest.namespace in found.cluster.workloads.namespaces]
            if not made or len(made) == len(group):
                continue
            for found in group:
                item, cluster = found.manifest, found.cluster
                labelled = selection.policy.namespace is not None
                if id(item) in told or _there(cluster, item.namespace, labelled):
                    continue
                if declared.get(host, item.namespace) != item.namespace:
                    continue  # app-differs-from-declaration speaks
                if cluster.workloads.foreign(estate.folders) - made[0].cluster.workloads.foreign(estate.folders):
                    continue
                told.add(id(item))
                known = listed(sorted(set(cluster.workloads.namespaces) - BUILT_IN)) or "none"
                yield Problem(
                    item.at("metadata", "namespace"),
                    f"Ingress `{item.name}` of host `{host}` is in namespace `{item.namespace}`, which is not made "
                    f"in cluster `{cluster.name}`; the repository makes {known}",
                    related=(
                        (made[0].manifest.at("metadata", "namespace"), f"cluster `{made[0].cluster.name}`"),
                        *_meant(cluster, made[0].cluster, item.namespace),
                    ),
                    site=cluster.site,
                    cluster=cluster.name,
                    absence=cluster.root,
                )


def _meant(cluster: Cluster, sibling: Cluster, namespace: str) -> Iterator[tuple[Ref, str]]:
    """Yield the Namespace that is meant: one with nearly that name, or the only one that the sibling does not have."""
    made = cluster.workloads.namespaces
    own = [name for name in made if name not in sibling.workloads.namespaces]
    name = own[0] if len(own) == 1 else nearest(namespace, made)
    if name is not None:
        yield made[name].at("metadata", "name"), f"Namespace `{name}`"


def _there(cluster: Cluster, namespace: str, labelled: bool) -> bool:
    """Return whether a namespace is there; one that is made on the way has no label for a policy to select it by."""
    workloads = cluster.workloads
    if not namespace or namespace in BUILT_IN or namespace in workloads.namespaces or "$" in namespace:
        return True
    return namespace in workloads.created_namespaces and not labelled
