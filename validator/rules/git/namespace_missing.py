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
from validator.model import Estate
from validator.read import flux
from validator.read.manifest import Manifest
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
        lacking = [item for item in cluster.manifests if not item.namespace and _lacks(item)]
        if lacking:
            syncs = cluster.of("Kustomization", flux.KUSTOMIZE)
            whole = any(flux.local_path(sync, estate.folders) == cluster.root for sync in syncs)
            names = {sync.name for sync in syncs}
            yield from _objects(lacking, names, whole=whole)


def _lacks(manifest: Manifest) -> bool:
    """Return whether an object must be in a namespace, and names none."""
    if manifest.kind not in NAMESPACED.get(manifest.group, ()):
        return False
    return not manifest.uncertain and "namespace" not in manifest.metadata and "generator" not in manifest.value


def _objects(lacking: list[Manifest], names: set[str], *, whole: bool) -> Iterator[Problem]:
    for manifest in lacking:
        if manifest.applied_by in names if manifest.applied_by else whole:
            by = f"Kustomization `{manifest.applied_by}`" if manifest.applied_by else "the sync root"
            text = f"{manifest.kind} `{manifest.name}` has no namespace: Flux refuses everything that {by} applies"
            yield Problem(manifest.at("metadata"), text)
