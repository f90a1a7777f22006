"""AMKO is left to the chart's version of the controller.

What it finds:
    An AMKO release without `configs.controllerVersion`, so that the chart's example holds (20.1.4, from 1.14.1 on 31.1.1), one with
    an empty version, and a GSLBConfig object with something that is no version.

Why it matters:
    AMKO speaks the API of that version. The controller refuses one that is newer than itself, and drops support for old ones:
    `issue in connecting to the controller API`. An empty version ends AMKO: `AVI Controller information is missing`.
    Source: AMKO helm/amko/values.yaml; gslb/ingestion/gslb.go VerifyVersion; gslb/cache/avi_ctrl.go SharedAviClients (1.9.1 to
    2.1.1).

Bad:
    configs: {gslbLeaderController: avi-01.example.com}

Good:
    configs: {gslbLeaderController: avi-01.example.com, controllerVersion: "22.1.2"}

Fix:
    Set `configs.controllerVersion` to the version of the GSLB leader's controller, or an older one that it supports.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator import values
from validator.facts import version
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

VERSION, CONTROLLER = ("configs", "controllerVersion"), ("configs", "gslbLeaderController")


@rule("AMK203", Severity.WARNING, sources=("AMKO-GC-04", "AMKO-SEC-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            unset = release.values.get("configs") in (MISSING, None, {})  # then another rule says so
            if not unset and not lacks(release, "configs") and not tells(release, *VERSION):
                yield from _faults(release)


def _faults(release: Release) -> Iterator[Problem]:
    found, title = release.get(*VERSION), release.title(*VERSION)
    objects = release.engine == "manifests"
    if objects and release.get(*CONTROLLER) is MISSING and found is MISSING:
        return  # the block of both is missing, which is told once
    if found in ("", None) or (found is MISSING and objects):
        text = f"`{title}` is {'not set' if found is MISSING else 'empty'}; AMKO does not start without it"
        yield Problem(release.at(*VERSION), text, severity=Severity.ERROR)
    elif objects and isinstance(found, str) and version.parse(found) is None:
        text = f"`{title}` is `{found[:40]}`, which is no version such as `22.1.2`; the controller refuses it"
        yield Problem(release.at(*VERSION), text, severity=Severity.ERROR)
    elif found is MISSING and not release.values.unknown:
        text = f"`{title}` is not set{_default(release)}; set it to the version of the GSLB leader's controller"
        yield Problem(release.at(*VERSION), text)


def _default(release: Release) -> str:
    known = (values.defaults("amko", release.version or "") or {}).get("configs", {})
    return f", and chart {release.version} takes `{known['controllerVersion']}`" if "controllerVersion" in known else ""
