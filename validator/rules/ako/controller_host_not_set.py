"""AKO is not told where its Avi controller is.

What it finds:
    `ControllerSettings.controllerHost` not set, or empty; the chart's default is empty.

Why it matters:
    AKO has nobody to talk to: it logs that the controller IP is missing and restarts for ever; nothing of the
    cluster reaches Avi.
    Source: AKO helm/ako/values.yaml; pkg/utils/avi_rest_utils.go (1.9.2 to 2.1.1).

Bad:
    ControllerSettings: {cloudName: Default-Cloud}

Good:
    ControllerSettings: {cloudName: Default-Cloud, controllerHost: avi-01.example.com}

Fix:
    Name the controller of this site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._settings import CONTROLLER, releases


@rule("AKO133", Severity.ERROR, sources=("AKO-05", "AKO helm/ako/values.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        host = release.get(*CONTROLLER)
        if (host is MISSING and not release.values.unknown) or host is None or host == "":
            yield Problem(
                release.at(*CONTROLLER),
                f"`ControllerSettings.controllerHost` is {'not set' if host is MISSING else 'empty'}; AKO of cluster "
                f"`{release.cluster.name}` has no controller to talk to",
            )
