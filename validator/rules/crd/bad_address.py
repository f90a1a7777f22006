"""An AKO object has an address or a network that is none.

What it finds:
    `loadBalancerIP` of a HostRule or an L4Rule that is no IP address (of a HostRule: no IPv4 address); `cidr` of an
    AviInfraSetting that is no IPv4 network, `v6cidr` that is no IPv6 network.

Why it matters:
    The schema takes any text; AKO rejects the object: `loadBalancerIP is not a valid IP`, `invalid CIDR
    configuration detected`.
    Source: AKO internal/k8s/validator.go (1.9.2 to 2.1.1).

Bad:
    spec: {network: {vipNetworks: [{networkName: vips, cidr: 192.0.2.0}]}}

Good:
    spec: {network: {vipNetworks: [{networkName: vips, cidr: 192.0.2.0/24}]}}

Fix:
    Write an address, or a network with its prefix length.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.crd._objects import HOST, items, objects, title

NETWORKS = ("spec", "network", "vipNetworks")


@rule("CRD106", Severity.ERROR, sources=("HR-06", "HR-10", "HR-11", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "HostRule", "L4Rule", "AviInfraSetting"):
        for pointer, wanted in _places(item):
            text = item.get(*pointer)
            if isinstance(text, str) and text and "$" not in text and not _fits(text, wanted):
                yield Problem(item.at(*pointer), f"`{text}` of {title(item)} is no {wanted}; AKO rejects it")


def _places(item: Manifest) -> Iterator[tuple[Pointer, str]]:
    if item.kind == "HostRule":
        yield (*HOST, "tcpSettings", "loadBalancerIP"), "IPv4 address"
    elif item.kind == "L4Rule":
        yield ("spec", "loadBalancerIP"), "IP address"
    for index, _ in items(item.value, *NETWORKS) if item.kind == "AviInfraSetting" else ():
        yield (*NETWORKS, index, "cidr"), "IPv4 network"
        yield (*NETWORKS, index, "v6cidr"), "IPv6 network"


def _fits(text: str, wanted: str) -> bool:
    try:
        if wanted.endswith("network"):
            return "/" in text and f"IPv{ipaddress.ip_network(text, strict=False).version}" in wanted
        version = ipaddress.ip_address(text).version
    except ValueError:
        return False
    return wanted == "IP address" or f"IPv{version}" in wanted
