"""AKO has an IPv6 network on a cloud type without IPv6.

What it finds:
    `v6cidr` in `NetworkSettings.vipNetworkList` where the estate file says that the site's cloud is neither
    vCenter, nor (from AKO 1.12.1 on) NSX-T or no-access.

Why it matters:
    `IPv6 CIDR is only supported for vCenter Clouds`: AKO does not sync.
    Source: AKO internal/lib/lib.go IsValidV6Config (1.9.2 to 2.1.1).

Bad:
    # estate.yaml: cloud: {type: aws}
    NetworkSettings: {vipNetworkList: [{networkName: vips, v6cidr: "2001:db8::/64"}]}

Good:
    NetworkSettings: {vipNetworkList: [{networkName: vips, cidr: 192.0.2.0/24}]}

Fix:
    Use an IPv4 network, or a cloud that knows IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import avi, releases

NETWORKS = ("NetworkSettings", "vipNetworkList")
PRIVATE = frozenset({"nsxt-overlay", "nsxt-vlan", "none"})


@rule("AKO108", Severity.ERROR, sources=("AKO-06", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        found = release.get(*NETWORKS)
        cloud = avi(estate, release.cluster, "cloud", "type")
        if cloud is None or cloud.value == "vcenter" or not isinstance(found, list):
            continue
        if release.version is None:
            continue
        if cloud.value in PRIVATE and ako.has(release.version, "ipv6OnAnyPrivateCloud") is not False:
            continue
        for index, item in enumerate(found):
            if isinstance(item, dict) and item.get("v6cidr"):
                yield Problem(
                    release.at(*NETWORKS, index, "v6cidr"),
                    f"`v6cidr` on a cloud of type `{cloud.value}`; AKO {release.version} does not sync with it",
                    related=((cloud.at, "declared here"),),
                )
