"""AKO does not work with the version of its Avi controller.

What it finds:
    `ControllerSettings.controllerVersion`, or the version that the estate file gives for the site's controller,
    below the lowest that the AKO release takes; a `controllerVersion` newer than the controller itself; one above
    the highest (information).

Why it matters:
    Below the lowest AKO exits: `AKO is not supported for the Avi version`. An API version that the controller does
    not have yet is refused by it. Above the highest AKO speaks the highest version it knows.
    Source: AKO cmd/ako-main/main.go, internal/lib/control_config.go initControllerVersion; buildsettings.json.

Bad:
    # AKO 2.1.1 takes 22.1.3 and newer
    ControllerSettings: {controllerVersion: "21.1.5"}

Good:
    ControllerSettings: {controllerVersion: "30.2.1"}

Fix:
    Upgrade the controller first, or use an AKO release for it; leave `controllerVersion` empty to have it found
    out.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako, version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import avi, releases

SETTING = ("ControllerSettings", "controllerVersion")


@rule(
    "AKO123", Severity.ERROR, sources=("AKO-27", "AKO internal/lib/control_config.go@2.1.1", "AKO buildsettings.json")
)
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        facts, real = ako.find(release.version or ""), avi(estate, release.cluster, "version")
        said = release.text(*SETTING)
        if facts is None:
            continue
        allowed = facts.avi_enforced
        if said and version.compare(said, allowed.low) == -1:
            text = f"`controllerVersion: {said}` is below {allowed.low}, AKO {facts.version} exits"
            yield Problem(release.at(*SETTING), text)
        elif real is not None and version.compare(real.value, allowed.low) == -1:
            text = f"AKO {facts.version} takes Avi {allowed.low} and newer, the controller of site"
            text += f" `{release.cluster.site}` is `{real.value}`; AKO exits"
            yield Problem(release.version_at, text, related=((real.at, "the controller"),))
        elif said and real is not None and version.compare(said, real.value) == 1:
            text = (
                f"`controllerVersion: {said}` is newer than the controller, which is `{real.value}`; it refuses the API"
            )
            yield Problem(release.at(*SETTING), f"{text} version", related=((real.at, "the controller"),))
        elif said and version.compare(said, allowed.high) == 1:
            text = f"`controllerVersion: {said}` is above {allowed.high}, AKO {facts.version} speaks {allowed.high}"
            yield Problem(release.at(*SETTING), text, severity=Severity.INFO)
