"""What gives AKO to workload clusters in TKG's own way: AKODeploymentConfigs, and the file that made a management cluster.

Source: load-balancer-operator-for-kubernetes v1.7.0 pkg/ako-operator/akodeploymentconfig_cluster_mapping_helper.go;
tanzu-framework v0.28.3 providers/config_default.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from validator.facts import table
from validator.once import once
from validator.read.documents import Ref
from validator.read.manifest import Manifest, dig
from validator.tkg.configuration import Configuration, workload_names

if TYPE_CHECKING:
    from validator.model import Cluster, Estate
    from validator.tkg.topologies import Topology

GROUP = "networking.tkg.tanzu.vmware.com"
FOR_ALL: str = "install-ako-for-all"
FOR_MANAGEMENT: str = "install-ako-for-management-cluster"


def avi_label() -> str:
    """Return the label by which the AKO Operator marks a cluster as its own."""
    label: str = table("tkg")["labels"]["akoDeploymentConfig"]
    return label


@dataclass(frozen=True, slots=True)
class Selector:
    """Something that gives AKO to clusters: the labels it asks for, and where that is written."""

    name: str
    labels: dict[str, Any]
    expressions: list[dict[str, Any]]
    at: Ref
    manager: Cluster | None
    source: Manifest | Configuration

    @property
    def is_empty(self) -> bool:
        """Return whether it takes every cluster that nothing else takes."""
        return not self.labels and not self.expressions

    def takes(self, topology: Topology) -> bool:
        """Return whether a workload cluster is selected."""
        labels = topology.manifest.labels
        same = all(labels.get(key) == value for key, value in self.labels.items())
        return same and all(_expression(item, labels) for item in self.expressions)


def configs(cluster: Cluster) -> list[Manifest]:
    """Return the AKODeploymentConfigs of a management cluster."""
    return cluster.of("AKODeploymentConfig", GROUP)


@once
def selectors(estate: Estate) -> list[Selector]:
    """Return what selects workload clusters, in every management cluster."""
    return list(_selectors(estate))


def _selectors(estate: Estate) -> Iterator[Selector]:
    for cluster in estate.clusters:
        for manifest in configs(cluster):
            selector = manifest.spec.get("clusterSelector")
            labels, expressions = dig(selector, ("matchLabels",)), dig(selector, ("matchExpressions",))
            labels = labels if isinstance(labels, dict) else {}
            items = [item for item in expressions if isinstance(item, dict)] if isinstance(expressions, list) else []
            if manifest.name != FOR_MANAGEMENT and (labels or items or manifest.name == FOR_ALL):
                at = manifest.at("spec", "clusterSelector")
                yield Selector(manifest.name, labels, items, at, cluster, manifest)
    managers = _managers(estate) if estate.configurations else {}
    workloads = workload_names(estate) if managers else set()
    for found in estate.configurations:
        manager = managers.get(found.name or "")
        if manager is not None and found.uses_avi and found.labels is not None and found.name not in workloads:
            at = found.at("AVI_LABELS") if "AVI_LABELS" in found.variables else found.at("AVI_ENABLE")
            yield Selector(FOR_ALL, found.labels, [], at, manager, found)


def by_manager(found: Iterable[Selector]) -> dict[int, list[Selector]]:
    """Group selectors by the identity of the management cluster that they stand in."""
    groups: dict[int, list[Selector]] = {}
    for one in found:
        groups.setdefault(id(one.manager), []).append(one)
    return groups


def taker(topology: Topology, found: dict[int, list[Selector]]) -> Selector | None:
    """Return what gives AKO to a cluster: the first that names it, else one for all without a selector."""
    if topology.value("kubeVipLoadBalancerProvider") is True:
        return None
    taking = [one for one in found.get(id(topology.manager), ()) if one.takes(topology)]
    return next((one for one in taking if not one.is_empty), taking[0] if taking else None)


def _managers(estate: Estate) -> dict[str, Cluster]:
    """Return the management clusters by name, also by the name that the estate file gives to a site's."""
    managers = [cluster for cluster in estate.clusters if cluster.runs_clusters]
    found = {cluster.name: cluster for cluster in managers}
    sites = {cluster.site: cluster for cluster in managers}
    for site in estate.declared.resolved.get("sites", []) if estate.declared else ():
        if site.get("name") in sites:
            found[site["management"]["cluster"]] = sites[site["name"]]
    return found


def _expression(item: dict[str, Any], labels: dict[str, Any]) -> bool:
    key, values = item.get("key"), item.get("values")
    given = labels.get(key) if isinstance(key, str) else None
    listed = values if isinstance(values, list) else []
    wanted = {
        "In": given in listed,
        "NotIn": given not in listed,
        "Exists": given is not None,
        "DoesNotExist": given is None,
    }
    return wanted.get(str(item.get("operator")), False)
