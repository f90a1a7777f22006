"""The API server's address is left to Avi instead of being written down.

What it finds:
    `aviAPIServerHAProvider: true` without `apiServerEndpoint`.

Why it matters:
    The AKO Operator writes the address that Avi gave into the variables of the Cluster. Before Cluster API 1.8
    that list has one owner: each reconciliation from git takes the address out again and the operator puts it
    back. A new address, after a rebuild, also makes every kubeconfig that AMKO holds of this cluster void.
    Source: load-balancer-operator-for-kubernetes 1.7.0 pkg/haprovider/haprovider.go; cluster-api v1.8.0
    cluster_types.go.

Bad:
    variables: [{name: aviAPIServerHAProvider, value: true}]

Good:
    variables: [{name: aviAPIServerHAProvider, value: true}, {name: apiServerEndpoint, value: 192.0.2.40}]

Fix:
    Reserve a static address in the VIP network and write it as `apiServerEndpoint`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg.no_endpoint import EMPTY


@rule(
    "TKG106",
    Severity.WARNING,
    sources=("TKG-06", "load-balancer-operator-for-kubernetes 1.7.0 pkg/haprovider"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        pinned = topology.value("apiServerEndpoint") not in EMPTY
        if not topology.is_readable or topology.seems_misspelt("apiServerEndpoint"):
            continue
        if topology.is_vsphere and topology.value("aviAPIServerHAProvider") is True and not pinned:
            name = "apiServerEndpoint" if "apiServerEndpoint" in topology.by_name else "aviAPIServerHAProvider"
            yield Problem(
                topology.at(name),
                f"`{topology.name}` lets Avi choose the address of its API server; write a static `apiServerEndpoint`, "
                "or git and the AKO Operator undo each other",
            )
