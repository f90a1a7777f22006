"""An address pool outside of its network.

What it finds:
    `dataNetwork.ipPools` of an AKODeploymentConfig that do not lie in its `cidr`, or whose `start` comes after
    their `end`.

Why it matters:
    The AKO Operator's webhook refuses it. Where the object exists already, its change is refused and the old
    pool stays.
    Source: load-balancer-operator-for-kubernetes 1.7.0 api/v1alpha1/akodeploymentconfig_webhook.go.

Bad:
    dataNetwork: {cidr: 192.0.2.0/25, ipPools: [{start: 192.0.2.200, end: 192.0.2.220, type: V4}]}

Good:
    dataNetwork: {cidr: 192.0.2.0/24, ipPools: [{start: 192.0.2.200, end: 192.0.2.220, type: V4}]}

Fix:
    Write a range inside of the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.tkg.ako_deployment import GROUP

NETWORK = ("spec", "dataNetwork")


@rule("AVI108", Severity.ERROR, sources=("AVI-08", "load-balancer-operator-for-kubernetes 1.7.0 api/v1alpha1"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest in estate.objects("AKODeploymentConfig"):
        if manifest.group == GROUP:
            yield from _pools(manifest)


def _pools(manifest: Manifest) -> Iterator[Problem]:
    pools = manifest.get(*NETWORK, "ipPools")
    text = manifest.get(*NETWORK, "cidr")
    try:
        network = ip_network(str(text), strict=False)
    except ValueError:
        return
    for index, pool in enumerate(pools if isinstance(pools, list) else []):
        if not isinstance(pool, dict):
            continue
        ends = [(key, _address(pool.get(key))) for key in ("start", "end")]
        for key, address in ends:
            if address is not None and address not in network:
                at = manifest.at(*NETWORK, "ipPools", index, key)
                yield Problem(
                    at,
                    f"`{address}` lies outside of `{text}`",
                    ((manifest.at(*NETWORK, "cidr"), "the network is here"),),
                )
        (_, start), (_, end) = ends
        if start is not None and end is not None and start.version == end.version and int(start) > int(end):
            at = manifest.at(*NETWORK, "ipPools", index, "end")
            yield Problem(at, f"the pool ends at `{end}`, before its start `{start}`")


def _address(value: Any) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(str(value))
    except ValueError:
        return None
