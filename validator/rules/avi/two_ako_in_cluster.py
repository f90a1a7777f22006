"""A cluster gets AKO twice: from TKG and from Helm.

What it finds:
    An AKO release for a cluster that an AKODeploymentConfig selects, that `install-ako-for-all` takes because
    the management cluster was made with `AVI_ENABLE` and without `AVI_LABELS`, or that carries the label of the
    AKO Operator.

Why it matters:
    Both make StatefulSet `ako`, ConfigMap `avi-k8s-config`, Secret `avi-secret` and ServiceAccount `ako-sa` in
    `avi-system`. Helm fails with `invalid ownership metadata`; Flux from 2.4 on and Argo CD take the objects
    over and then fight kapp-controller for ever.
    Source: load-balancer-operator 1.7.0 pkg/ako-operator; helm/ako/templates (1.9.1 to 2.1.1); helm-controller
    1.1.0.

Bad:
    kind: AKODeploymentConfig
    metadata: {name: install-ako-for-all}
    spec: {clusterSelector: {}}

Good:
    kind: AKODeploymentConfig
    metadata: {name: install-ako-for-all}
    spec: {clusterSelector: {matchLabels: {tkg-ako: managed}}}

Fix:
    Give AVI_LABELS when the management cluster is made, and keep that label off clusters that get AKO by Helm.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.ako_deployment import avi_label, by_manager, selectors, taker


@rule("AVI101", Severity.ERROR, sources=("AVI-01", "load-balancer-operator-for-kubernetes 1.7.0 pkg/ako-operator"))
def check(estate: Estate) -> Iterator[Problem]:
    found = by_manager(selectors(estate))
    label = avi_label()
    workloads = {
        id(cluster.tkg): cluster
        for cluster in estate.clusters
        if cluster.tkg is not None and any(release.is_chart for release in cluster.ako)
    }
    for topology in estate.topologies:
        cluster = workloads.get(id(topology.manifest))
        skipped = topology.value("kubeVipLoadBalancerProvider") is True
        if cluster is None or skipped:
            continue
        release = cluster.ako[0].manifest.at("metadata", "name")
        related = ((release, f"AKO is installed in `{cluster.name}` here"),)
        if label in topology.manifest.labels:
            at = topology.manifest.at("metadata", "labels", label, key=True)
            text = f"`{topology.name}` carries `{label}`: the AKO Operator gives it AKO beside the chart"
            yield Problem(at, text, related)
            continue
        selector = taker(topology, found)
        if selector is not None:
            text = f"`{selector.name}` selects `{topology.name}`, which gets AKO by the chart as well"
            yield Problem(
                selector.at, text, ((topology.manifest.at("metadata", "name"), "the Cluster is here"), *related)
            )
