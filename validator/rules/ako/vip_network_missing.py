"""AKO has no network for its virtual addresses.

What it finds:
    `NetworkSettings.vipNetworkList` not set or empty, unless AKO runs in VPC mode.

Why it matters:
    `vipNetworkList not set in values.yaml`: AKO syncs nothing and restarts for ever. The chart's default is an
    empty list.
    Source: AKO internal/lib/lib.go GetVipNetworkListEnv (1.9.2 to 2.1.1).

Bad:
    NetworkSettings: {vipNetworkList: []}

Good:
    NetworkSettings: {vipNetworkList: [{networkName: vips, cidr: 192.0.2.0/24}]}

Fix:
    Name the network of the virtual addresses of this site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._settings import releases, setting
from validator.values import flag

NETWORKS = ("NetworkSettings", "vipNetworkList")


@rule("AKO105", Severity.ERROR, sources=("AKO-05", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        found = release.get(*NETWORKS)
        if flag(setting(release, "AKOSettings", "vpcMode")) or (found is MISSING and release.values.unknown):
            continue
        if found is MISSING or found is None or found == []:
            what = "is not set" if found is MISSING else "is empty"
            yield Problem(
                release.at(*NETWORKS),
                f"`NetworkSettings.vipNetworkList` {what}; AKO needs a network for virtual addresses and "
                "restarts without",
            )
