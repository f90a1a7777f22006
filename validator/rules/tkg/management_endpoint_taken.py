"""A management cluster has an address or a name that something else has.

What it finds:
    The same `VSPHERE_CONTROL_PLANE_ENDPOINT` or `CLUSTER_NAME` in the files of two management clusters; the endpoint
    of a management cluster that is the API server address of a workload cluster, or the address of its own vCenter.

Why it matters:
    Whichever answers first owns the address; the Tanzu CLI refuses only the vCenter's. Two management clusters of one
    name get one kubeconfig context, so that a command for one site reaches the other.
    Source: tanzu-framework v0.28.3 tkg/client/validate.go ConfigureAndValidateManagementClusterConfiguration,
    configureAndValidateVIPForVsphereCluster.

Bad:
    # site01 and site02
    VSPHERE_CONTROL_PLANE_ENDPOINT: 192.0.2.10

Good:
    # site02
    VSPHERE_CONTROL_PLANE_ENDPOINT: 198.51.100.10

Fix:
    Give each its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.tkg.configuration import Configuration

ENDPOINT, NAME, SERVER = "VSPHERE_CONTROL_PLANE_ENDPOINT", "CLUSTER_NAME", "VSPHERE_SERVER"


@rule("TKG146", Severity.ERROR, sources=("tkg-avi TKG-07", "tanzu-framework v0.28.3 tkg/client/validate.go"))
def check(estate: Estate) -> Iterator[Problem]:
    addresses: dict[str, tuple[Callable[[], Ref], str]] = {}
    for topology in estate.topologies:
        address = topology.value("apiServerEndpoint")
        if isinstance(address, str) and address and "$" not in address:
            addresses.setdefault(
                address.lower(), (partial(topology.at, "apiServerEndpoint"), f"cluster `{topology.name}`")
            )
    names: dict[str, Configuration] = {}
    for found, _ in estate.managements:
        name, address = found.name, found.text(ENDPOINT)
        if name and "$" not in name:
            first = names.setdefault(name, found)
            if first.document is not found.document:
                text = f"`{NAME}` is `{name}`, which is the name of another management cluster"
                yield Problem(found.at(NAME), text, ((first.at(NAME), "the other one is here"),))
        if not address or "$" in address:
            continue
        if address.lower() == (found.text(SERVER) or "").lower():
            text = f"`{ENDPOINT}` is `{address}`, the address of vCenter"
            yield Problem(found.at(ENDPOINT), text, ((found.at(SERVER), "vCenter is here"),))
        own = (partial(found.at, ENDPOINT), f"management cluster `{name}`")
        other = addresses.setdefault(address.lower(), own)
        if other is not own and (there := other[0]()).document is not found.document:
            text = f"`{ENDPOINT}` is `{address}`, which is that of {other[1]} too"
            yield Problem(found.at(ENDPOINT), text, ((there, f"address of {other[1]}"),))
