"""An object of a namespace that names none.

What it finds:
    Objects that live in a namespace (releases, Secrets, Ingresses, Clusters, Flux objects and the like),
    applied by Flux, for which neither the manifest nor kustomize nor `targetNamespace` gives one.

Why it matters:
    kustomize-controller refuses the whole Kustomization: `namespace not specified`. Nothing of it is applied.
    Source: fluxcd/kustomize-controller CHANGELOG, `namespace not specified`; fluxcd/pkg ssa.

Bad:
    kind: HelmRelease
    metadata: {name: ako}

Good:
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}

Fix:
    Write the namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import flux
from validator.rules import rule

NAMESPACED = {
    "": {"ConfigMap", "Secret", "Service", "ServiceAccount"},
    "networking.k8s.io": {"Ingress"},
    "rbac.authorization.k8s.io": {"Role", "RoleBinding"},
    "cluster.x-k8s.io": {"Cluster"},
    "run.tanzu.vmware.com": {"ClusterBootstrap"},
    "bitnami.com": {"SealedSecret"},
    "external-secrets.io": {"ExternalSecret", "SecretStore"},
    "ako.vmware.com": {"HostRule", "HTTPRule", "L4Rule", "L7Rule", "SSORule"},
    "amko.vmware.com": {"AMKOCluster", "GSLBConfig", "GlobalDeploymentPolicy", "GSLBHostRule"},
    "helm.toolkit.fluxcd.io": {"HelmRelease"},
    "kustomize.toolkit.fluxcd.io": {"Kustomization"},
    "source.toolkit.fluxcd.io": {"GitRepository", "HelmRepository", "OCIRepository", "HelmChart", "Bucket"},
}


@rule("GIT116", Severity.ERROR, sources=("GIT", "fluxcd/kustomize-controller CHANGELOG"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        syncs = cluster.of("Kustomization", flux.KUSTOMIZE)
        whole = any(flux.local_path(sync, estate.folders) == cluster.root for sync in syncs)
        names = {sync.name for sync in syncs}
        yield from _objects(cluster, names, whole=whole)


def _objects(cluster: Cluster, names: set[str], *, whole: bool) -> Iterator[Problem]:
    for manifest in cluster.manifests:
        by_flux = manifest.applied_by in names if manifest.applied_by else whole
        if not by_flux or manifest.namespace or manifest.uncertain or "namespace" in manifest.metadata:
            continue
        if manifest.kind in NAMESPACED.get(manifest.group, ()) and "generator" not in manifest.value:
            by = f"Kustomization `{manifest.applied_by}`" if manifest.applied_by else "the sync root"
            text = f"{manifest.kind} `{manifest.name}` has no namespace: Flux refuses everything that {by} applies"
            yield Problem(manifest.at("metadata"), text)
