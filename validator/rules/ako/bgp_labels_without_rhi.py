"""AKO has BGP peer labels while route health injection is off.

What it finds:
    `NetworkSettings.bgpPeerLabels` without `enableRHI: true`.

Why it matters:
    `BGPPeerLabels cannot be set if EnableRhi is set to false.`: AKO syncs nothing and restarts for ever.
    Source: AKO internal/cache/controller_obj_cache.go checkBGPParams (1.9.2 to 2.1.1).

Bad:
    NetworkSettings: {bgpPeerLabels: [peer1]}

Good:
    NetworkSettings: {enableRHI: true, bgpPeerLabels: [peer1]}

Fix:
    Set `enableRHI: true`, or remove the labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases, setting
from validator.values import flag


@rule("AKO112", Severity.ERROR, sources=("AKO-13", "AKO internal/cache/controller_obj_cache.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        labels = release.get("NetworkSettings", "bgpPeerLabels")
        rhi = flag(setting(release, "NetworkSettings", "enableRHI"))
        if isinstance(labels, list) and labels and rhi is False:
            yield Problem(
                release.at("NetworkSettings", "bgpPeerLabels"),
                "`bgpPeerLabels` needs `enableRHI: true`; AKO does not start to sync",
                related=((release.at("NetworkSettings", "enableRHI"), "`enableRHI` is false"),)
                if release.values.has("NetworkSettings", "enableRHI")
                else (),
            )
