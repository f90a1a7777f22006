"""TKG is to install AKO in a cluster, and no AKODeploymentConfig selects it.

What it finds:
    A cluster of a site with `akoManagedBy: tkg` in the estate file that gets no AKO: nothing selects it, it carries the
    mark of another AKODeploymentConfig, or its variable `kubeVipLoadBalancerProvider` keeps the AKO Operator away.

Why it matters:
    The AKO Operator passes over the cluster without a word. Its Ingresses get no address and AMKO finds no members there.
    Source: load-balancer-operator-for-kubernetes v1.7.0
    pkg/ako-operator/akodeploymentconfig_cluster_mapping_helper.go GetAKODeploymentConfigForCluster.

Bad:
    # Cluster wld-02 has the label tkg.tanzu.vmware.com/cluster-name: wld-02
    clusterSelector: {matchLabels: {tkg.tanzu.vmware.com/cluster-name: wld-2}}

Good:
    clusterSelector: {matchLabels: {tkg.tanzu.vmware.com/cluster-name: wld-02}}

Fix:
    Make the selector and the labels of the cluster agree. The selector of an AKODeploymentConfig that is there cannot be
    changed: make another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.ako_deployment import avi_label, selectors
from validator.tkg.configuration import sites

KUBE_VIP = "kubeVipLoadBalancerProvider"


@rule("AVI203", Severity.ERROR, sources=("AVI-01", "load-balancer-operator-for-kubernetes v1.7.0 pkg/ako-operator"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    wanted = {cluster["name"] for site in sites(estate) for cluster in site["clusters"] if cluster["akoByTkg"]}
    found = list(selectors(estate)) if wanted else []
    by_object = {id(cluster.tkg): cluster for cluster in estate.clusters if cluster.tkg is not None}
    for topology in estate.topologies:
        cluster = by_object.get(id(topology.manifest))
        if topology.name not in wanted or topology.manager is None or topology.manager.uncertain:
            continue
        mark = topology.manifest.labels.get(avi_label())
        taking = [one.name for one in found if one.manager is topology.manager and one.takes(topology)]
        if mark is not None and mark not in taking:
            at = topology.manifest.at("metadata", "labels", avi_label())
            yield Problem(
                at, f"`{topology.name}` is marked as that of AKODeploymentConfig `{mark}`, which does not select it"
            )
        elif cluster is None or cluster.ako:
            continue
        elif topology.value(KUBE_VIP) is True:
            text = f"`{KUBE_VIP}` keeps TKG from installing AKO in `{topology.name}`, the estate file says that it does"
            yield Problem(topology.at(KUBE_VIP), text)
        else:
            mine = [one for one in found if one.manager is topology.manager]
            yield Problem(
                topology.manifest.at("metadata", "labels"),
                f"TKG is to install AKO in `{topology.name}`, but no AKODeploymentConfig selects it",
                tuple((one.at, f"`{one.name}` selects others") for one in mine[:20]),
                absence=topology.manager.root,
            )
