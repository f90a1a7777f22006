"""AKO has a VRF on a cloud type that takes none.

What it finds:
    `ControllerSettings.vrfName` where the estate file says that the site's cloud is neither vCenter nor no-access.

Why it matters:
    AKO looks at the name on these two clouds only. On any other it is ignored: the virtual services stand in the
    default VRF, and two clusters that were to be apart share it.
    Source: AKO internal/cache/controller_obj_cache.go ValidateUserInput, checkVRF (1.12.1 to 2.1.1).

Bad:
    # estate.yaml: cloud: {type: nsxt-overlay}
    ControllerSettings: {vrfName: blue}

Good:
    # estate.yaml: cloud: {type: vcenter}
    ControllerSettings: {vrfName: blue}

Fix:
    Remove the name; on NSX-T the tier-1 router decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import avi, releases

SETTING = ("ControllerSettings", "vrfName")


@rule("AKO130", Severity.WARNING, sources=("AKO-29", "AKO internal/cache/controller_obj_cache.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        name = release.text(*SETTING)
        cloud = avi(estate, release.cluster, "cloud", "type") if name else None
        if cloud is not None and cloud.value not in {"vcenter", "none"}:
            yield Problem(
                release.at(*SETTING),
                f"`vrfName: {name}` has no effect on a cloud of type `{cloud.value}`",
                related=((cloud.at, "declared here"),),
            )
