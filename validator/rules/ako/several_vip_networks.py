"""AKO has several networks for its virtual addresses on a cloud that takes one.

What it finds:
    More than one entry in `NetworkSettings.vipNetworkList` on a cloud that is not AWS: by the estate file, or
    because the cluster is one of TKG on vSphere.

Why it matters:
    `more than one network specified in VIP Network List and Cloud type is not AWS`: AKO syncs nothing and restarts.
    Source: AKO internal/lib/lib.go GetVipNetworkListEnv (1.9.2 to 2.1.1).

Bad:
    NetworkSettings: {vipNetworkList: [{networkName: a}, {networkName: b}]}

Good:
    NetworkSettings: {vipNetworkList: [{networkName: a}]}

Fix:
    Keep one network; give others to applications by an AviInfraSetting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.ako._settings import avi, releases

NETWORKS = ("NetworkSettings", "vipNetworkList")
SUBNET = re.compile(r"subnet-[0-9a-f]{8,17}")


@rule("AKO106", Severity.ERROR, sources=("AKO-05", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        found = release.get(*NETWORKS)
        if not isinstance(found, list) or len(found) < 2:
            continue
        cloud = avi(estate, release.cluster, "cloud", "type")
        if (cloud is not None and cloud.value == "aws") or (cloud is None and all(_is_subnet(item) for item in found)):
            continue
        sure = cloud is not None or _on_vsphere(release.cluster)
        kind = f"cloud type `{cloud.value}`" if cloud else "vSphere" if sure else "a cloud that is not AWS"
        yield Problem(
            release.at(*NETWORKS, 1),
            f"`vipNetworkList` has {len(found)} networks, AKO takes one on {kind}",
            related=((cloud.at, "declared here"),) if cloud else (),
            severity=None if sure else Severity.UNVERIFIABLE,
        )


def _is_subnet(network: object) -> bool:
    """Return whether a network is named by the id of an AWS subnet."""
    name = network.get("networkName") if isinstance(network, dict) else None
    return isinstance(name, str) and SUBNET.fullmatch(name) is not None


def _on_vsphere(cluster: Cluster) -> bool:
    variables = cluster.tkg.get("spec", "topology", "variables") if cluster.tkg is not None else None
    return any(isinstance(item, dict) and item.get("name") == "vcenter" for item in variables or [])
