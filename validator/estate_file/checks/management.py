"""Management clusters, and AKO where TKG installs it: what the Tanzu CLI and the AKO Operator would refuse or get wrong."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import combinations

from validator.estate_file.checks.networks import Network, cidr_flaw, parse_address, parse_network
from validator.estate_file.checks.view import Item, View
from validator.estate_file.flaw import Flaw, Pointer, shown
from validator.facts import table

MAX_SERVICE_BITS = 20
"""Host bits of a service network (tanzu-framework v0.28.3 tkg/client/validate.go validateServiceCIDRNetmask)."""
_NETWORKS = ("dataNetwork", "controlPlaneNetwork", "managementNetwork")
_UNTAKEN = (
    ("layer7Only", "the AKO Operator writes it into `enableEVH`"),
    ("nodePortSelector", "the AKO Operator writes its value over its key"),
    ("clusterName", "TKG gives the name, `<namespace>-<cluster>`"),
    ("values", "an AKODeploymentConfig takes no values of the chart"),
)
"""Settings that no AKODeploymentConfig can make (load-balancer-operator-for-kubernetes v1.7.0 pkg/ako/values.go)."""


def networks(view: View) -> Iterator[Flaw]:
    """Find networks of a management cluster that are none, that overlap, or that are too large."""
    for site in view.sites:
        management = site.block("management")
        inner = [*management.listed("pods"), *management.listed("services")]
        blocks = [management.block("avi", name) for name in _NETWORKS]
        outer = [(block.data["cidr"], block.place("cidr")) for block in blocks if "cidr" in block.data]
        for text, at in [*inner, *outer]:
            if (flaw := cidr_flaw(text, at)) is not None:
                yield flaw
        found = [(network, at) for text, at in inner if (network := parse_network(text))]
        yield from _overlaps(found, [(network, at) for text, at in outer if (network := parse_network(text))])
        yield from _inside(management, found)
        for text, at in management.listed("services"):
            network = parse_network(text)
            if network is not None and network.max_prefixlen - network.prefixlen > MAX_SERVICE_BITS:
                limit = network.max_prefixlen - MAX_SERVICE_BITS
                yield Flaw(at, f"{shown(text)} is too large for a service network", f"a prefix of {limit} or longer")


def endpoints(view: View) -> Iterator[Flaw]:
    """Find an API server at the address of its vCenter, which the Tanzu CLI refuses."""
    for site in view.sites:
        management, server = site.block("management"), site.block("vcenter").data.get("server")
        endpoint = management.data.get("endpoint")
        if endpoint and server and endpoint.lower() == server.lower():
            yield Flaw(management.place("endpoint"), f"{shown(endpoint)} is the address of the site's vCenter")


def labels(view: View) -> Iterator[Flaw]:
    """Find AVI_LABELS that clusters of the repository carry, or that say nothing: TKG would give them its AKO as well."""
    own = table("tkg")["labels"]["clusterName"]
    for site, clusters in view.neighbours():
        block = site.block("management", "avi")
        given = block.data.get("labels")
        if not isinstance(given, dict):
            continue
        place = block.place("labels")
        if not given:
            message = "without labels TKG gives its own AKO to every workload cluster"
            yield Flaw(place, message, "leave it out, or give a label that no cluster here carries", key=True)
        for cluster in clusters if given else ():
            if given.items() <= {own: cluster.name}.items():
                message = f"cluster {shown(cluster.name)} carries these labels: TKG gives it its own AKO as well"
                yield Flaw(place, message, "use a label that no cluster here carries", key=True)


def network_path(view: View) -> Iterator[Flaw]:
    """Find a network of management nodes that is not one of the site's datacenter."""
    for site in view.sites:
        management, datacenter = site.block("management"), site.block("vcenter").data.get("datacenter")
        path = management.data.get("network")
        if path and datacenter and not path.startswith(f"{datacenter}/network/"):
            message = f"`network` {shown(path)} does not lie below {shown(f'{datacenter}/network')}"
            yield Flaw(management.place("network"), message, "copy the inventory path as `govc find` shows it")


def certificates(view: View) -> Iterator[Flaw]:
    """Find `caData` that is no certificate."""
    for site in view.sites:
        block = site.block("management", "avi")
        text = block.data.get("caData")
        if text is None:
            continue
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            yield Flaw(block.place("caData"), "`caData` is not base64")
            continue
        if b"PRIVATE KEY" in content:
            hint = "only the certificate belongs here; the key counts as lost"
            yield Flaw(block.place("caData"), "`caData` holds a private key", hint)
        elif b"-----BEGIN CERTIFICATE-----" not in content:
            yield Flaw(
                block.place("caData"), "`caData` is not a PEM certificate", "`base64 -w0 controller.pem` makes it"
            )


def deployed(view: View) -> Iterator[Flaw]:
    """Find settings of an AKO that TKG installs which it cannot have."""
    for cluster in view.clusters:
        block = cluster.block("ako")
        if not cluster.by_tkg or not block.data.get("enabled"):
            continue
        for key, why in _UNTAKEN:
            given = view.given(block, key) if key == "clusterName" else bool(block.data.get(key))
            if given:
                message = f"`{key}` has no effect with `akoManagedBy: tkg`: {why}"
                yield Flaw(block.place(key), message, "leave it out, or have AKO installed by Helm", key=True)
        if block.data.get("replicas") == 2:
            message = "with `akoManagedBy: tkg` there is one AKO pod"
            yield Flaw(block.place("replicas"), message, "leave it out")
        if cluster.name == table("tkg")["akoOperator"]["forAll"]:
            yield Flaw(cluster.place("name"), f"{shown(cluster.name)} is the name of TKG's own AKODeploymentConfig")
    for site in view.sites:
        avi = site.block("avi")
        tenant = avi.data.get("tenant")
        if site.data.get("akoManagedBy") == "tkg" and tenant and tenant != "admin":
            message = "with `akoManagedBy: tkg` the tenant is `admin`: the AKO Operator looks others up by their UUID"
            yield Flaw(avi.place("tenant"), message)


CHECKS = (networks, endpoints, labels, network_path, certificates, deployed)


def _overlaps(inner: list[tuple[Network, Pointer]], outer: list[tuple[Network, Pointer]]) -> Iterator[Flaw]:
    pairs = [*combinations(inner, 2), *((one, other) for one in inner for other in outer)]
    for (left, first), (right, second) in pairs:
        if left.version == right.version and left.overlaps(right):
            message = f"{shown(str(right))} overlaps with {shown(str(left))} of the same cluster"
            yield Flaw(second, message, related=first)


def _inside(management: Item, inner: list[tuple[Network, Pointer]]) -> Iterator[Flaw]:
    endpoint = parse_address(management.data.get("endpoint") or "")
    for network, at in inner if endpoint else ():
        if endpoint in network:
            message = f"`{endpoint}` lies in {shown(str(network))}, which is inside the cluster only"
            yield Flaw(management.place("endpoint"), message, related=at)
