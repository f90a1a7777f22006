"""The tier-1 router of AKO does not fit the type of the cloud.

What it finds:
    `NetworkSettings.nsxtT1LR` missing on an NSX-T overlay cloud, set on any other cloud, or set to something that
    is no policy path; `vpcMode` on a cloud that is not NSX-T. The type of the cloud stands in the estate file.

Why it matters:
    `Cloud is configured as NSX-T with overlay transport zone but the T1 LR mapping is not provided`, `Cloud is not
    configured as NSX-T but the T1 LR mapping is provided`: AKO syncs nothing and restarts. A display name is sent
    to Avi as a path and refused for each virtual service.
    Source: AKO internal/cache/controller_obj_cache.go checkAndSetCloudType; helm/ako/values.yaml (1.9.2 to 2.1.1).

Bad:
    # estate.yaml: cloud: {type: vcenter}
    NetworkSettings: {nsxtT1LR: /infra/tier-1s/avi-t1}

Good:
    # estate.yaml: cloud: {type: nsxt-overlay}
    NetworkSettings: {nsxtT1LR: /infra/tier-1s/avi-t1}

Fix:
    Set the path of the router on an NSX-T overlay cloud, and leave it empty on any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._settings import avi, releases, setting
from validator.values import flag

ROUTER, VPC = ("NetworkSettings", "nsxtT1LR"), ("AKOSettings", "vpcMode")
OVERLAY = "nsxt-overlay"


@rule("AKO113", Severity.ERROR, sources=("AKO-14", "AKO internal/cache/controller_obj_cache.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        router, cloud = release.get(*ROUTER), avi(estate, release.cluster, "cloud", "type")
        vpc = flag(setting(release, *VPC))
        odd = vpc or (isinstance(router, str) and router) or (cloud is not None and cloud.value == OVERLAY)
        if not odd:
            continue
        related = ((cloud.at, "declared here"),) if cloud else ()
        if vpc and cloud is not None and not cloud.value.startswith("nsxt"):
            text = f"`vpcMode` needs an NSX-T cloud, this one is of type `{cloud.value}`; AKO does not start to sync"
            yield Problem(release.at(*VPC), text, related)
        if isinstance(router, str) and router:
            if cloud is not None and cloud.value != OVERLAY:
                text = (
                    f"`nsxtT1LR` goes with NSX-T overlay only, the cloud is of type `{cloud.value}`; AKO does not start"
                )
                yield Problem(release.at(*ROUTER), f"{text} to sync", related)
            elif "$" not in router and not router.startswith("/"):
                text = f"`nsxtT1LR: {router}` is no policy path such as `/infra/tier-1s/{router}`; Avi refuses it"
                yield Problem(release.at(*ROUTER), text)
        elif cloud is not None and cloud.value == OVERLAY and not vpc and _empty(release.values.unknown, router):
            text = "`nsxtT1LR` is not set on an NSX-T overlay cloud; AKO does not start to sync"
            yield Problem(release.at(*ROUTER), text, related)


def _empty(unknown: tuple[str, ...], router: object) -> bool:
    return not unknown if router is MISSING else router in ("", None)
