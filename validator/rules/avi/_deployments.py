"""AKODeploymentConfigs, the clusters that they select, and the configuration that made a management cluster.

Source: load-balancer-operator-for-kubernetes 1.7.0 pkg/ako-operator/akodeploymentconfig_cluster_mapping_helper.go;
tanzu-framework v0.28.3 providers/config_default.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.errors import InputError
from validator.facts import table
from validator.model import Cluster, Estate
from validator.read import exact
from validator.read.documents import Ref
from validator.read.manifest import Manifest, dig
from validator.topologies import Topology
from validator.values import flag

GROUP = "networking.tkg.tanzu.vmware.com"
FOR_ALL, FOR_MANAGEMENT = "install-ako-for-all", "install-ako-for-management-cluster"
LABEL: str = table("tkg")["labels"]["akoDeploymentConfig"]


@dataclass(frozen=True, slots=True)
class Selector:
    """Something that gives AKO to clusters: the labels it asks for, and where that is written."""

    name: str
    labels: dict[str, Any]
    expressions: list[dict[str, Any]]
    at: Ref
    manager: Cluster | None

    def takes(self, topology: Topology) -> bool:
        """Return whether a workload cluster is selected."""
        labels = topology.manifest.labels
        same = all(labels.get(key) == value for key, value in self.labels.items())
        return same and all(_expression(item, labels) for item in self.expressions)


def configs(cluster: Cluster) -> list[Manifest]:
    """Return the AKODeploymentConfigs of a management cluster."""
    return cluster.of("AKODeploymentConfig", GROUP)


def selectors(estate: Estate) -> Iterator[Selector]:
    """Yield what selects workload clusters, in every management cluster."""
    for cluster in estate.clusters:
        for manifest in configs(cluster):
            selector = manifest.spec.get("clusterSelector")
            labels, expressions = dig(selector, ("matchLabels",)), dig(selector, ("matchExpressions",))
            labels = labels if isinstance(labels, dict) else {}
            items = [item for item in expressions if isinstance(item, dict)] if isinstance(expressions, list) else []
            if manifest.name != FOR_MANAGEMENT and (labels or items or manifest.name == FOR_ALL):
                yield Selector(manifest.name, labels, items, manifest.at("spec", "clusterSelector"), cluster)
    yield from _by_configuration(estate)


def _by_configuration(estate: Estate) -> Iterator[Selector]:
    """Yield the `install-ako-for-all` that `tanzu management-cluster create` makes of a configuration file."""
    managers = _managers(estate)
    for document in estate.documents:
        value = document.value
        if document.kind or not isinstance(value, dict) or flag(value.get("AVI_ENABLE")) is not True:
            continue
        manager = managers.get(str(value.get("CLUSTER_NAME")))
        labels = _labels(value.get("AVI_LABELS"))
        if manager is not None and labels is not None:
            at = document.ref("AVI_LABELS") if "AVI_LABELS" in value else document.ref("AVI_ENABLE")
            yield Selector(FOR_ALL, labels, [], at, manager)


def _managers(estate: Estate) -> dict[str, Cluster]:
    """Return the management clusters by name, also by the name that the estate file gives to a site's."""
    managers = [cluster for cluster in estate.clusters if cluster.runs_clusters]
    found = {cluster.name: cluster for cluster in managers}
    sites = {cluster.site: cluster for cluster in managers}
    for site in estate.declared.resolved.get("sites", []) if estate.declared else ():
        if site.get("name") in sites:
            found[site["management"]["cluster"]] = sites[site["name"]]
    return found


def _labels(value: Any) -> dict[str, Any] | None:
    """Read AVI_LABELS in any of its forms: a map, JSON text, or lines of `key: value`; None where it is none of them."""
    if isinstance(value, str) and value.strip():
        try:
            trees = exact.load_all(value.encode(), "")
        except InputError:
            return None
        value = trees[0].value if trees else None
    return {} if value in (None, "") else value if isinstance(value, dict) else None


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
