"""AMKO has no GSLB leader controller.

What it finds:
    An AMKO release without `configs.gslbLeaderController`, or with an empty one.

Why it matters:
    AMKO rejects its configuration with `error: invalid gslb config with controller IP` or ends with `AVI Controller information
    is missing`, and its pod restarts for ever. Once it was a trick to keep a standby AMKO idle; since AMKO has leaders and
    followers, `federation.currentClusterIsLeader: false` does that.
    Source: AMKO gslb/ingestion/gslb.go parseControllerDetails, gslb/cache/avi_ctrl.go SharedAviClients (1.9.1 to 2.1.1);
    docs/site_recovery.md.

Bad:
    configs: {controllerVersion: 22.1.2}

Good:
    configs: {gslbLeaderController: avi-01.example.com, controllerVersion: 22.1.2}

Fix:
    Set `configs.gslbLeaderController` to the Avi controller of the site that leads GSLB, the same in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

CONTROLLER = ("configs", "gslbLeaderController")


@rule("AMK201", Severity.ERROR, sources=("AMKO-GC-01", "AMKO-SEC-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            value = release.get(*CONTROLLER)
            missing = value is MISSING
            if (missing and release.values.unknown) or not (missing or value is None or value == ""):
                continue
            if lacks(release, "configs") or tells(release, *CONTROLLER) or not release.values.merged:
                continue
            yield Problem(
                release.at(*CONTROLLER),
                f"`{release.title(*CONTROLLER)}` is {'not set' if missing else 'empty'}; "
                "set it to the controller of the site that leads GSLB",
            )
