"""AKO is told to delete everything that it made in Avi.

What it finds:
    `AKOSettings.deleteConfig: "true"`.

Why it matters:
    It acts at once, without a restart: AKO deletes all its virtual services, pools and VIPs, and keeps deleting
    when it boots. Every GSLB member of this cluster is gone. Only the exact text `true` acts.
    Source: AKO internal/k8s/controller.go HandleConfigMap (1.9.2 to 2.1.1).

Bad:
    AKOSettings: {deleteConfig: "true"}

Good:
    AKOSettings: {deleteConfig: "false"}

Fix:
    Set it back once the objects are gone. To decommission a cluster, say so: `# estate: ignore[deletes-its-objects]
    decommissioned`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases
from validator.values import flag

SETTING = ("AKOSettings", "deleteConfig")


@rule("AKO124", Severity.ERROR, sources=("AKO-30", "AKO internal/k8s/controller.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if flag(release.get(*SETTING)):
            yield Problem(
                release.at(*SETTING),
                f"`deleteConfig` makes AKO delete every object of cluster `{release.cluster.name}` in Avi, at once",
            )
