"""Addresses, networks and vCenter paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import combinations, islice

from validator.estate_file.checks.view import Item, View, repeated
from validator.estate_file.flaw import Flaw, Pointer, shown

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_ROUTED = 1000
"""Clusters of one site whose pod networks are compared with each other."""
_KINDS = (("datastore", "datastore"), ("folder", "vm"), ("network", "network"), ("resourcePool", "host"))


def addresses(view: View) -> Iterator[Flaw]:
    """Find addresses that are none."""
    for text, at in _every_address(view):
        if _is_numeric(text) and parse_address(text) is None:
            yield Flaw(at, f"{shown(text)} is not an IP address")
    down = view.root.block("amko", "downResponse")
    fallback = down.data.get("fallbackIP")
    if fallback and parse_address(fallback) is None:
        yield Flaw(down.place("fallbackIP"), f"{shown(fallback)} is not an IPv4 address")


def unique(view: View) -> Iterator[Flaw]:
    """Find two things at one address."""
    used: list[tuple[str | None, Pointer]] = []
    for site in view.sites:
        avi, dns = site.block("avi"), site.block("avi", "dns")
        used.append((_plain(avi.data.get("controller")), avi.place("controller")))
        used.append((_plain(dns.data.get("address")), dns.place("address")))
        management = site.block("management")
        used.append((_plain(management.data.get("endpoint")), management.place("endpoint")))
    used += [(_plain(c.data.get("endpoint")), c.place("endpoint")) for c in view.clusters]
    yield from repeated(used, "address", "every controller, DNS virtual service and API server has its own")


def cluster_networks(view: View) -> Iterator[Flaw]:
    """Find networks that are none, and networks of one cluster that overlap."""
    for cluster in view.clusters:
        vip = cluster.block("ako", "vipNetwork")
        given = [*cluster.listed("pods"), *cluster.listed("services")]
        if "cidr" in vip.data:
            given.append((vip.data["cidr"], vip.place("cidr")))
        nodes = [Item(item, at) for item, at in cluster.block("ako").listed("nodeNetworks")]
        for text, at in [*given, *(pair for node in nodes for pair in node.listed("cidrs"))]:
            if (flaw := cidr_flaw(text, at)) is not None:
                yield flaw
        yield from _overlaps([(network, at) for text, at in given if (network := parse_network(text))], cluster)


def routed_pods(view: View) -> Iterator[Flaw]:
    """Find clusters that AKO routes to in one Avi cloud with pod networks that overlap.

    AKO writes a static route per node into the cloud's VRF (docs/values.md, nodeNetworkList).
    """
    for site, clusters in view.neighbours():
        if site.block("avi", "cloud").data.get("type") not in ("vcenter", "nsxt-overlay", "nsxt-vlan", "none"):
            continue
        routed = [c for c in clusters if _is_routed(c)]
        seen: list[tuple[Network, Pointer, Item]] = []
        for cluster in routed[:MAX_ROUTED]:
            own = [(n, at, cluster) for text, at in cluster.listed("pods") if (n := parse_network(text))]
            pairs = ((mine, other) for mine in own for other in seen if mine[0].overlaps(other[0]))
            for (network, at, _), (other_network, first, other) in islice(pairs, 1):
                message = f"pods `{network}` overlap with `{other_network}` of `{other.name}`, and AKO routes to both"
                hint = "give each cluster of one Avi cloud its own `pods`, or use NodePortLocal or NodePort"
                yield Flaw(at, message, hint, related=first)
            seen += own


def inventory(view: View) -> Iterator[Flaw]:
    """Find vCenter paths that do not lie where their kind lies in the site's datacenter."""
    for site in view.sites:
        vcenter = site.block("vcenter")
        datacenter = vcenter.data.get("datacenter")
        for key, kind in _KINDS if datacenter else ():
            path, start = vcenter.data.get(key), f"{datacenter}/{kind}"
            if path and path != start and not path.startswith(f"{start}/"):
                message = f"`{key}` {shown(path)} does not lie below {shown(start)}, where the datacenter keeps it"
                yield Flaw(vcenter.place(key), message, "copy the inventory path as vCenter or `govc find` shows it")


CHECKS = (addresses, unique, cluster_networks, routed_pods, inventory)


@lru_cache(maxsize=65536)
def parse_address(text: str) -> Address | None:
    """Return the address in `text`, None when it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def parse_network(text: str) -> Network | None:
    """Return the network in `text`, None when it is none or has host bits."""
    try:
        return ip_network(text)
    except ValueError:
        return None


def cidr_flaw(text: str, at: Pointer) -> Flaw | None:
    """Return what is wrong with a network in CIDR form, None where it is one."""
    if parse_network(text) is not None:
        return None
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return Flaw(at, f"{shown(text)} is not a network in CIDR form")
    return Flaw(at, f"{shown(text)} has bits beyond its prefix", f"did you mean `{meant}`?")


def _overlaps(networks: list[tuple[Network, Pointer]], cluster: Item) -> Iterator[Flaw]:
    for (left, first), (right, second) in combinations(networks, 2):
        if left.version == right.version and left.overlaps(right):
            yield Flaw(
                second, f"{shown(str(right))} overlaps with {shown(str(left))} of the same cluster", related=first
            )
    endpoint = parse_address(cluster.data.get("endpoint") or "")
    inner = [pair for pair in networks if pair[1][len(cluster.at)] in ("pods", "services")]
    for network, at in inner if endpoint else ():
        if endpoint in network:
            message = f"`{endpoint}` lies in {shown(str(network))}, which is inside the cluster only"
            yield Flaw(cluster.place("endpoint"), message, related=at)


def _is_routed(cluster: Item) -> bool:
    ako = cluster.block("ako").data
    plain = ako.get("serviceType") == "ClusterIP" and not ako.get("disableStaticRouteSync")
    return bool(ako.get("enabled") and plain and not ako.get("nodeNetworks"))


def _every_address(view: View) -> Iterator[tuple[str, Pointer]]:
    for site in view.sites:
        for item, key in (
            (site.block("avi"), "controller"),
            (site.block("avi", "dns"), "address"),
            (site.block("vcenter"), "server"),
            (site.block("management"), "endpoint"),
        ):
            if key in item.data:
                yield item.data[key], item.place(key)
    for cluster in view.clusters:
        if "endpoint" in cluster.data:
            yield cluster.data["endpoint"], cluster.place("endpoint")
        yield from cluster.listed("nameservers")


def _is_numeric(text: str) -> bool:
    return ":" in text or text.rpartition(".")[2].isdecimal()


def _plain(text: str | None) -> str | None:
    if not text:
        return None
    address = parse_address(text)
    return str(address) if address else text.lower()
