"""Two clusters have the same API server address.

What it finds:
    The same `apiServerEndpoint` (and port) on two `Cluster` objects, in whatever site; an endpoint that differs
    from the annotation `tkg.tanzu.vmware.com/cluster-controlplane-endpoint` of the same object.

Why it matters:
    Whichever control plane answers first owns the address: kubeconfigs of one cluster reach the other, AMKO
    reads the members of one cluster twice and of the other never. Avi refuses the second virtual service.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere; load-balancer-operator 1.7.0
    pkg/haprovider.

Bad:
    # site01 and site02
    variables: [{name: apiServerEndpoint, value: 192.0.2.40}]

Good:
    # site02
    variables: [{name: apiServerEndpoint, value: 198.51.100.40}]

Fix:
    Give each cluster its own address.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import Topology

ANNOTATION = "tkg.tanzu.vmware.com/cluster-controlplane-endpoint"


@rule("TKG107", Severity.ERROR, sources=("TKG-07", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    first: dict[tuple[str, object], Topology] = {}
    for topology in estate.topologies:
        address = topology.value("apiServerEndpoint")
        if not isinstance(address, str) or not address or "${" in address:
            continue
        port = topology.value("apiServerPort")
        other = first.setdefault((address.lower(), port if isinstance(port, int) else 6443), topology)
        if other.name != topology.name:
            yield Problem(
                topology.at("apiServerEndpoint"),
                f"`{topology.name}` has the API server address `{address}`, which `{other.name}` has too",
                related=((other.at("apiServerEndpoint"), f"address of `{other.name}`"),),
            )
        noted = topology.manifest.annotations.get(ANNOTATION)
        wanted = topology.declared[1].get("endpoint") if topology.declared else None
        if isinstance(noted, str) and noted != address and other is topology and noted != wanted:
            yield Problem(
                topology.manifest.at("metadata", "annotations", ANNOTATION),
                f"annotation says that `{topology.name}` is at `{noted}`, `apiServerEndpoint` is `{address}`",
                related=((topology.at("apiServerEndpoint"), "the variable is here"),),
            )
