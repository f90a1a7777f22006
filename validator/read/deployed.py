"""AKO that TKG installs, read back as the values that its chart would have.

Source: load-balancer-operator-for-kubernetes v1.7.0 pkg/ako/values.go, with what it sets where an AKODeploymentConfig says
nothing; tanzu-framework v0.28.3 packages/ako-operator-v2/bundle/config/overlays/overlay-akodeploymentconfig.yaml for the
variables of a management cluster's configuration file. Which release of AKO that is depends on TKG and is not public.
"""

from __future__ import annotations

from typing import Any

from validator.facts import names, tkg
from validator.model import Cluster, Estate, Release
from validator.read.documents import Ref
from validator.read.effective import Layer, Values
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig
from validator.tkg.ako_deployment import Selector, by_manager, selectors, taker
from validator.tkg.topologies import Topology
from validator.values import flag

ENGINE = "tkg"
NAME: Pointer = ("AKOSettings", "clusterName")
VIP: Pointer = ("NetworkSettings", "vipNetworkList", 0)
_EXTRA: Pointer = ("spec", "extraConfigs")
_INGRESS: Pointer = (*_EXTRA, "ingress")

Mount = tuple[Pointer, Pointer]
OBJECT: tuple[Mount, ...] = (
    (("ControllerSettings", "controllerHost"), ("spec", "controller")),
    (("ControllerSettings", "controllerVersion"), ("spec", "controllerVersion")),
    (("ControllerSettings", "cloudName"), ("spec", "cloudName")),
    (("ControllerSettings", "serviceEngineGroupName"), ("spec", "serviceEngineGroup")),
    (("ControllerSettings", "tenantName"), ("spec", "tenant", "name")),
    ((*VIP, "networkName"), ("spec", "dataNetwork", "name")),
    ((*VIP, "cidr"), ("spec", "dataNetwork", "cidr")),
    (("NetworkSettings", "nodeNetworkList"), (*_INGRESS, "nodeNetworkList")),
    (("NetworkSettings", "nsxtT1LR"), (*_EXTRA, "networksConfig", "nsxtT1LR")),
    (("NetworkSettings", "enableRHI"), (*_EXTRA, "networksConfig", "enableRHI")),
    (("NetworkSettings", "bgpPeerLabels"), (*_EXTRA, "networksConfig", "bgpPeerLabels")),
    (("AKOSettings", "logLevel"), (*_EXTRA, "log", "logLevel")),
    (("AKOSettings", "disableStaticRouteSync"), (*_EXTRA, "disableStaticRouteSync")),
    (("AKOSettings", "cniPlugin"), (*_EXTRA, "cniPlugin")),
    (("AKOSettings", "enableEVH"), (*_EXTRA, "enableEVH")),
    (("AKOSettings", "namespaceSelector"), (*_EXTRA, "namespaceSelector")),
    (("AKOSettings", "blockedNamespaceList"), (*_EXTRA, "blockedNamespaceList")),
    (("AKOSettings", "ipFamily"), (*_EXTRA, "ipFamily")),
    (("L7Settings", "defaultIngController"), (*_INGRESS, "defaultIngressController")),
    (("L7Settings", "serviceType"), (*_INGRESS, "serviceType")),
    (("L7Settings", "shardVSSize"), (*_INGRESS, "shardVSSize")),
    (("L7Settings", "passthroughShardSize"), (*_INGRESS, "passthroughShardSize")),
    (("L4Settings", "defaultDomain"), (*_EXTRA, "l4Config", "defaultDomain")),
    (("L4Settings", "autoFQDN"), (*_EXTRA, "l4Config", "autoFQDN")),
    (NAME, ("spec", "clusterSelector")),
)
"""Chart value, and the field of an AKODeploymentConfig that it comes from."""
FILE: tuple[Mount, ...] = (
    (("ControllerSettings", "controllerHost"), ("AVI_CONTROLLER",)),
    (("ControllerSettings", "cloudName"), ("AVI_CLOUD_NAME",)),
    (("ControllerSettings", "serviceEngineGroupName"), ("AVI_SERVICE_ENGINE_GROUP",)),
    ((*VIP, "networkName"), ("AVI_DATA_NETWORK",)),
    ((*VIP, "cidr"), ("AVI_DATA_NETWORK_CIDR",)),
    (("NetworkSettings", "nsxtT1LR"), ("AVI_NSXT_T1LR",)),
    (("AKOSettings", "disableStaticRouteSync"), ("AVI_DISABLE_STATIC_ROUTE_SYNC",)),
    (("L7Settings", "defaultIngController"), ("AVI_INGRESS_DEFAULT_INGRESS_CONTROLLER",)),
    (("L7Settings", "serviceType"), ("AVI_INGRESS_SERVICE_TYPE",)),
    (("L7Settings", "shardVSSize"), ("AVI_INGRESS_SHARD_VS_SIZE",)),
    (NAME, ("AVI_LABELS",)),
)
"""Chart value, and the variable of a management cluster's file that it comes from."""
TEXTS = frozenset({("AKOSettings", "disableStaticRouteSync"), ("L7Settings", "defaultIngController")})
"""Flags that the chart wants as text."""
DEFAULTS: dict[Pointer, Any] = {
    ("AKOSettings", "disableStaticRouteSync"): "true",
    ("AKOSettings", "logLevel"): "INFO",
    ("L7Settings", "defaultIngController"): "false",
    ("L7Settings", "serviceType"): "NodePort",
}
"""What the AKO Operator sets itself; the others are AKO's own defaults, which depend on its release."""


def attach(estate: Estate) -> None:
    """Give each cluster that has no chart of AKO the AKO that TKG installs there."""
    found = by_manager(selectors(estate))
    topologies = {id(topology.manifest): topology for topology in estate.topologies} if found else {}
    for cluster in estate.clusters if found else ():
        topology = topologies.get(id(cluster.tkg))
        selector = taker(topology, found) if topology is not None and not cluster.ako else None
        if topology is not None and selector is not None:
            cluster.ako.append(_release(cluster, topology, selector))


def title(release: Release, pointer: Pointer) -> str:
    """Return the field or variable that a chart value comes from."""
    mounts = release.values.layers[0].mounts
    for inside, outside in sorted(mounts, key=lambda mount: -len(mount[0])):
        if pointer[: len(inside)] == inside:
            return ".".join(map(str, (*outside, *pointer[len(inside) :])))
    return ".".join(map(str, pointer))


def _release(cluster: Cluster, topology: Topology, selector: Selector) -> Release:
    source = selector.source
    if isinstance(source, Manifest):
        manifest, layer = source, Layer(_values(source.value, OBJECT, topology), source, (), mounts=OBJECT)
    else:
        manifest = Manifest(source.document, source.variables)
        layer = Layer(_values(source.variables, FILE, topology), source.document, (), mounts=FILE)
    at: Ref = selector.at
    values = Values((layer,), at)
    return Release("ako", manifest, None, at, selector.name, names.NAMESPACE, values, ENGINE, cluster=cluster)


def _values(content: Any, mounts: tuple[Mount, ...], topology: Topology) -> dict[str, Any]:
    flat = dict(DEFAULTS)
    flat[NAME] = tkg.avi_name(topology.namespace, topology.name)
    for inside, outside in mounts:
        found = dig(content, outside)
        if inside == NAME or found in (None, ""):
            continue
        known = flag(found) if inside in TEXTS else None
        flat[inside] = found if known is None else str(known).lower()
    network = {key: flat.pop((*VIP, key)) for key in ("networkName", "cidr") if (*VIP, key) in flat}
    if network:
        flat[VIP[:-1]] = [network]
    value: dict[str, Any] = {}
    for (block, key), item in flat.items():
        value.setdefault(str(block), {})[str(key)] = item
    return value
