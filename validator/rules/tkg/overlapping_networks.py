"""Networks of a cluster overlap.

What it finds:
    Pod, service, VIP and node networks of one cluster that overlap, and an API server address inside the pod or
    service network; pod networks of two clusters that overlap while AKO routes to the pods of both (service
    type ClusterIP) through the same controller and cloud.

Why it matters:
    An address of an inner network is answered inside the node and never leaves it: the API server or a virtual
    service cannot be reached from pods. In ClusterIP mode AKO writes a route for the pod network of each node;
    with equal networks in one cloud the service engines send traffic of one cluster to the other.
    Source: AKO docs/values.md, disableStaticRouteSync; internal/nodes/avi_vrf_translator.go (1.9.1 to 2.1.1).

Bad:
    clusterNetwork: {pods: {cidrBlocks: [100.96.0.0/11]}, services: {cidrBlocks: [100.96.0.0/13]}}

Good:
    clusterNetwork: {pods: {cidrBlocks: [100.96.0.0/11]}, services: {cidrBlocks: [100.64.0.0/13]}}

Fix:
    Give each its own network, or use NodePortLocal or NodePort where pods must share one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.tkg._networks import Named, endpoint, inner, is_routed, outer


@rule("TKG114", Severity.ERROR, sources=("TKG-14", "AKO-08", "AKO internal/nodes/avi_vrf_translator.go@1.9.2"))
def check(estate: Estate) -> Iterator[Problem]:
    workloads = {id(cluster.tkg): cluster for cluster in estate.clusters if cluster.tkg is not None}
    clouds: dict[tuple[str, str], list[tuple[Cluster, list[Named]]]] = defaultdict(list)
    for topology in estate.topologies:
        cluster = workloads.get(id(topology.manifest))
        inside = list(inner(topology))
        yield from _overlaps(topology.name, [*inside, *(outer(cluster) if cluster else ())])
        if address := endpoint(topology):
            for network in inside:
                if network.overlaps(address):
                    text = f"API server address `{address.network.network_address}` of `{topology.name}` lies in its "
                    yield Problem(address.at, f"{text}{network}", ((network.at, "the network is here"),))
        if cluster is not None and (cloud := is_routed(cluster)):
            clouds[cloud].append((cluster, [network for network in inside if network.what == "pod network"]))
    for neighbours in clouds.values():
        yield from _routed(neighbours)


def _overlaps(name: str, networks: list[Named]) -> Iterator[Problem]:
    for left, right in combinations(networks, 2):
        if left.overlaps(right) and left.what != right.what:
            text = f"{right} of `{name}` overlaps with its {left}"
            yield Problem(right.at, text, ((left.at, f"the {left.what} is here"),))


def _routed(neighbours: list[tuple[Cluster, list[Named]]]) -> Iterator[Problem]:
    seen: list[tuple[Named, str]] = []
    for cluster, networks in neighbours:
        for network in networks:
            for other, name in seen:
                if network.overlaps(other):
                    text = f"{network} of `{cluster.name}` overlaps with that of `{name}`; AKO routes to both"
                    yield Problem(network.at, text, ((other.at, f"pod network of `{name}`"),), Severity.WARNING)
                    break
        seen.extend((network, cluster.name) for network in networks)
