"""AMKO outside of its namespace.

What it finds:
    An AMKO release, or an AMKOCluster or GSLBConfig object, in another namespace than `avi-system`.

Why it matters:
    The name of the namespace is built into AMKO: it looks for its own pod, its Secrets, its configuration and its policy there
    and nowhere else, and the chart puts the policy there whatever the namespace of the release. AMKO ends with `error getting
    AMKO pod details`, the federator with `AMKOCluster's namespace is not avi-system`.
    Source: AMKO federator/controllers/amkocluster_controller.go VerifyAMKOClusterSanity; gslb/ingestion/gslb.go Initialize;
    helm/amko/templates/gdp.yaml (1.9.1 to 2.1.1).

Bad:
    metadata: {name: amko, namespace: avi-system}
    spec: {targetNamespace: amko, chart: {spec: {chart: amko}}}

Good:
    metadata: {name: amko, namespace: avi-system}
    spec: {chart: {spec: {chart: amko}}}

Fix:
    Install AMKO into `avi-system`: `targetNamespace` of the HelmRelease, `destination.namespace` of the Application.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP, NAMESPACE
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release
from validator.read.documents import Ref
from validator.rules import rule


@rule("AMK106", Severity.ERROR, sources=("AMKO-FED-03",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            if release.engine != "manifests" and release.namespace not in ("", NAMESPACE):
                yield Problem(
                    _place(release),
                    f"AMKO is installed into namespace `{release.namespace}`; it works in `{NAMESPACE}` only",
                )
    for cluster in estate.holders("AMKOCluster", "GSLBConfig"):
        for kind in ("AMKOCluster", "GSLBConfig"):
            for manifest in cluster.of(kind, GROUP):
                if manifest.namespace not in ("", NAMESPACE) or (not manifest.namespace and _others_have(cluster)):
                    where = f"is in namespace `{manifest.namespace}`" if manifest.namespace else "has no namespace"
                    yield Problem(
                        manifest.at("metadata", "namespace"),
                        f"{kind} `{manifest.name}` {where}; AMKO reads `{NAMESPACE}` only",
                    )


def _others_have(cluster: Cluster) -> bool:
    """Return whether other objects of AMKO are given its namespace, so that one without is no matter of the sync."""
    kinds = ("AMKOCluster", "GSLBConfig", "GlobalDeploymentPolicy")
    return any(item.namespace == NAMESPACE for kind in kinds for item in cluster.of(kind, GROUP))


def _place(release: Release) -> Ref:
    manifest = release.manifest
    if release.engine == "argocd":
        return manifest.at("spec", "destination", "namespace")
    if "targetNamespace" in manifest.spec:
        return manifest.at("spec", "targetNamespace")
    return manifest.at("metadata", "namespace")
