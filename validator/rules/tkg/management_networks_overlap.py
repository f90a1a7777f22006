"""Networks of a management cluster overlap.

What it finds:
    In its configuration file: a pod network and a service network that overlap, one of them that overlaps with an
    Avi network or holds the address of the API server; an Avi network that overlaps with the pod or service network
    of a workload cluster that this management cluster makes.

Why it matters:
    An address of an inner network is answered inside the node and never leaves it: from pods, the API server or a
    virtual service in such a network cannot be reached. The pods of a workload cluster then lose the addresses that
    Avi gives its API server and its services.
    Source: Kubernetes cluster networking; tanzu-framework v0.28.3 providers/config_default.yaml.

Bad:
    CLUSTER_CIDR: 192.0.2.0/24
    AVI_DATA_NETWORK_CIDR: 192.0.2.128/25

Good:
    CLUSTER_CIDR: 100.96.0.0/11
    AVI_DATA_NETWORK_CIDR: 192.0.2.128/25

Fix:
    Give each its own network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from validator.facts import tanzu as facts
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg._networks import Named, inner
from validator.rules.tkg._tanzu import Makers
from validator.tkg.configuration import Bounds, Configuration, bounds
from validator.tkg.topologies import Topology

INNER = ("CLUSTER_CIDR", "SERVICE_CIDR")
ENDPOINT = "VSPHERE_CONTROL_PLANE_ENDPOINT"


@dataclass(frozen=True, slots=True)
class _Pair:
    left: Named
    right: Named


@rule("TKG145", Severity.ERROR, sources=("tkg-avi TKG-14", "tanzu-framework v0.28.3 providers/config_default.yaml"))
def check(estate: Estate) -> Iterator[Problem]:
    makers = Makers(estate)
    outside = sorted(facts.typed("cidrs") - set(INNER))
    for found, _ in estate.managements:
        if _is_clear(found, outside, makers.workloads(found)):
            continue
        own = {name: _named(found, name) for name in INNER}
        avi = [network for name in outside if name in found.variables for network in _named(found, name)]
        pairs = [_Pair(pods, services) for pods in own["CLUSTER_CIDR"] for services in own["SERVICE_CIDR"]]
        inside = [network for networks in own.values() for network in networks]
        pairs += [_Pair(network, other) for network in inside for other in avi]
        for topology in makers.workloads(found):
            theirs = [Named(f"{one.what} of `{topology.name}`", one.network, one.at) for one in inner(topology)]
            pairs += [_Pair(one, other) for one in theirs for other in avi]
        for pair in pairs:
            if pair.left.overlaps(pair.right):
                text = f"{pair.right} overlaps with {pair.left}"
                yield Problem(pair.right.at, text, ((pair.left.at, "the other network is here"),))
        yield from _address(found, inside)


def _is_clear(found: Configuration, outside: list[str], workloads: list[Topology]) -> bool:
    """Return whether the networks lie apart, and the address outside of them, by their bounds."""
    pods, services = (_bounds_in(found, name) for name in INNER)
    avi = [one for name in outside for one in _bounds_in(found, name)]
    theirs = [
        one
        for topology in workloads
        for field in ("pods", "services")
        for text in _listed(topology.manifest.get("spec", "clusterNetwork", field, "cidrBlocks"))
        if (one := bounds(text)) is not None
    ]
    return not (
        _share(pods, services)
        or _share(pods + services + theirs, avi)
        or _share(pods + services, _bounds_in(found, ENDPOINT))
    )


def _listed(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _share(left: list[Bounds], right: list[Bounds]) -> bool:
    for version, first, last in left:
        for other, lowest, highest in right:
            if version == other and first <= highest and lowest <= last:
                return True
    return False


def _bounds_in(found: Configuration, name: str) -> list[Bounds]:
    text = found.text(name)
    if text is None:
        return []
    return [one for part in text.split(",") if (one := bounds(part.strip())) is not None]


def _named(found: Configuration, name: str) -> list[Named]:
    return [Named(f"`{name}`", network, found.at(name)) for network in found.networks(name)]


def _address(found: Configuration, inside: list[Named]) -> Iterator[Problem]:
    try:
        address = ip_address(found.text(ENDPOINT) or "")
    except ValueError:
        return
    for one in inside:
        if address in one.network:
            text = f"`{ENDPOINT}` is `{address}`, which lies in {one}, inside the cluster only"
            yield Problem(found.at(ENDPOINT), text, ((one.at, "the network is here"),))
