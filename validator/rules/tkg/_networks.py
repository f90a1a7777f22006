"""The networks of a cluster with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from validator.model import Cluster
from validator.read.documents import Ref
from validator.tkg.topologies import Topology
from validator.values import flag


@dataclass(frozen=True, slots=True)
class Named:
    """A network, what it is for, and where it is written."""

    what: str
    network: IPv4Network | IPv6Network
    at: Ref

    def same_family(self, other: Named) -> bool:
        return self.network.version == other.network.version

    def overlaps(self, other: Named) -> bool:
        """Return whether two networks share an address."""
        return self.same_family(other) and self.network.overlaps(other.network)

    def __str__(self) -> str:
        return f"{self.what} `{self.network}`"


def inner(topology: Topology) -> Iterator[Named]:
    """Yield the networks that exist inside the cluster only: pods and services."""
    for field, what in (("pods", "pod network"), ("services", "service network")):
        pointer = ("spec", "clusterNetwork", field, "cidrBlocks")
        found = topology.manifest.get(*pointer)
        for index, text in enumerate(found if isinstance(found, list) else []):
            yield from _named(what, text, topology.manifest.at(*pointer, index))


def outer(cluster: Cluster) -> Iterator[Named]:
    """Yield the networks that AKO puts virtual services on, and those of the nodes."""
    for release in cluster.ako:
        vips = release.get("NetworkSettings", "vipNetworkList")
        for index, item in enumerate(vips if isinstance(vips, list) else []):
            if isinstance(item, dict):
                at = release.at("NetworkSettings", "vipNetworkList", index, "cidr")
                yield from _named("VIP network", item.get("cidr"), at)
        nodes = release.get("NetworkSettings", "nodeNetworkList")
        for index, item in enumerate(nodes if isinstance(nodes, list) else []):
            cidrs = item.get("cidrs") if isinstance(item, dict) else None
            for order, text in enumerate(cidrs if isinstance(cidrs, list) else []):
                at = release.at("NetworkSettings", "nodeNetworkList", index, "cidrs", order)
                yield from _named("node network", text, at)


def endpoint(topology: Topology) -> Named | None:
    """Return the API server's address as a network of one address, None where it is a name or not given."""
    return next(_named("address", topology.value("apiServerEndpoint"), topology.at("apiServerEndpoint")), None)


def is_routed(cluster: Cluster) -> tuple[str, str] | None:
    """Return controller and cloud of an AKO that routes to pods; None where it does not, or that is not known."""
    if len(cluster.ako) != 1:
        return None
    ako = cluster.ako[0]
    controller, cloud = (ako.text("ControllerSettings", key) for key in ("controllerHost", "cloudName"))
    by_node = ako.get("L7Settings", "serviceType") in {"NodePort", "NodePortLocal"}
    off = flag(ako.get("AKOSettings", "disableStaticRouteSync")) is True
    named = ako.get("NetworkSettings", "nodeNetworkList")
    if by_node or off or named or controller is None or cloud is None or ako.values.unknown:
        return None
    return controller, cloud


def _named(what: str, text: Any, at: Ref) -> Iterator[Named]:
    network = _network(text) if isinstance(text, str) else None
    if network is not None:
        yield Named(what, network, at)


@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
