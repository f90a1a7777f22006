"""A network of AKO is given by name and by UUID.

What it finds:
    `networkName` together with `networkUUID` in an entry of `vipNetworkList` or `nodeNetworkList` (AKO 1.10.3 and
    newer).

Why it matters:
    AKO takes the UUID and ignores the name. After a network was recreated the name looks right and the UUID is
    dead.
    Source: AKO docs/faq.md; internal/cache/controller_obj_cache.go PopulateVipNetworkwithUUID (1.10.3 to 2.1.1).

Bad:
    NetworkSettings: {vipNetworkList: [{networkName: vips, networkUUID: network-1a2b}]}

Good:
    NetworkSettings: {vipNetworkList: [{networkName: vips}]}

Fix:
    Keep one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases


@rule("AKO107", Severity.WARNING, sources=("AKO-06", "AKO docs/faq.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        for key in ("vipNetworkList", "nodeNetworkList"):
            found = release.get("NetworkSettings", key)
            for index, item in enumerate(found if isinstance(found, list) else []):
                if isinstance(item, dict) and item.get("networkName") and item.get("networkUUID"):
                    yield Problem(
                        release.at("NetworkSettings", key, index, "networkUUID"),
                        f"an entry of `{key}` has `networkName` and `networkUUID`; AKO takes the UUID and "
                        "ignores the name",
                    )
