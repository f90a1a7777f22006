"""More than one AMKO in a cluster.

What it finds:
    Two releases of the AMKO chart in one cluster, and a second AMKOCluster, GSLBConfig or GlobalDeploymentPolicy in `avi-system`, be
    it beside the one that the chart makes or beside another object.

Why it matters:
    With two AMKOClusters the federator stops: `only one AMKOClusterObject allowed per cluster`. With two GSLBConfigs or two policies
    AMKO panics when it starts: `more than one GDP objects`. While it runs, a second one is ignored, so the fault waits for the next
    restart. An object with the name of the chart's is worse: chart and GitOps overwrite each other.
    Source: AMKO federator/controllers/amkocluster_controller.go; gslb/ingestion/fullsync.go CheckGSLBConfigsAndInitialize,
    checkGDPsAndInitialize (1.9.1 to 2.1.1).

Bad:
    # the chart makes global-gdp
    kind: GlobalDeploymentPolicy
    metadata: {name: my-gdp, namespace: avi-system}

Good:
    # patch the chart's policy instead
    spec:
      postRenderers:
        - kustomize:
            patches:
              - target: {kind: GlobalDeploymentPolicy}
                patch: '[{op: add, path: /spec/pkiProfileRef, value: pki-1}]'

Fix:
    Keep one. What the chart cannot write, patch into its object with a post-renderer.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import names
from validator.federation.policies import GROUP, NAMESPACE
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.rules import rule

MADE_BY_CHART = {
    "AMKOCluster": names.AMKO_CLUSTER,
    "GSLBConfig": names.GSLB_CONFIG,
    "GlobalDeploymentPolicy": names.POLICY,
}


@rule("AMK109", Severity.ERROR, sources=("AMKO-FED-05", "AMKO-FED-06"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        charts = [release for release in cluster.amko if release.engine != "manifests"]
        for other in charts[1:]:
            first = charts[0].manifest
            yield Problem(
                other.manifest.at("metadata", "name"),
                f"`{other.manifest.name}` is a second AMKO in cluster `{cluster.name}`; one is allowed",
                related=((first.at("metadata", "name"), f"the first, `{first.name}`"),),
            )
        for kind, name in MADE_BY_CHART.items():
            made = (charts[0].manifest.at("metadata", "name"), f"the AMKO chart makes `{name}`") if charts else None
            yield from _objects(cluster, kind, name, made)


def _objects(cluster: Cluster, kind: str, name: str, made: tuple[Ref, str] | None) -> Iterator[Problem]:
    first = made
    for manifest in cluster.of(kind, GROUP):
        if manifest.namespace != NAMESPACE:
            continue
        if first is None:
            first = (manifest.at("metadata", "name"), "the first")
        elif made is not None and manifest.name == name:
            text = f"{kind} `{name}` is made by the AMKO chart of cluster `{cluster.name}` already; the two overwrite each other"
            yield Problem(manifest.at("metadata", "name"), text, related=(first,))
        else:
            text = f"{kind} `{manifest.name}` is a second one in `{NAMESPACE}` of cluster `{cluster.name}`; AMKO allows one"
            yield Problem(manifest.at("metadata", "name"), text, related=(first,))
