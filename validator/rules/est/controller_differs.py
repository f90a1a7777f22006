"""AKO talks to another Avi controller, cloud or tenant than the estate file says.

What it finds:
    `ControllerSettings` of an AKO release (`controllerHost`, `controllerVersion`, `cloudName`, `tenantName`,
    `serviceEngineGroupName`) or its `clusterName` that differ from the site's `avi` and the cluster's `ako` in
    `estate.yaml`.

Why it matters:
    AKO programs its virtual services where these settings point. With the controller of another site it makes
    them there, beside that site's own: the addresses that AMKO collects are not reachable from this cluster's
    service engines, and both AKO instances may claim one service engine group and stop.
    Source: AKO helm/ako/templates/configmap.yaml; internal/cache/avi_ctrl_client.go; docs/values.md (1.9.1 to
    2.1.1).

Bad:
    # estate.yaml: sites[1].avi.controller is avi-l-01b.example.com
    ControllerSettings: {controllerHost: avi-l-01a.example.com}

Good:
    ControllerSettings: {controllerHost: avi-l-01b.example.com}

Fix:
    Write the value of the estate file, or correct the estate file.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.est._declared import Entry, differs, entries

SETTINGS: tuple[tuple[tuple[str, str], bool, tuple[str, ...]], ...] = (
    (("ControllerSettings", "controllerHost"), True, ("avi", "controller")),
    (("ControllerSettings", "controllerVersion"), True, ("avi", "version")),
    (("ControllerSettings", "cloudName"), True, ("avi", "cloud", "name")),
    (("ControllerSettings", "tenantName"), True, ("avi", "tenant")),
    (("ControllerSettings", "serviceEngineGroupName"), False, ("ako", "serviceEngineGroup")),
    (("AKOSettings", "clusterName"), False, ("ako", "clusterName")),
)
"""Chart value, whether the site declares it (else the cluster), and where."""


@rule("EST205", Severity.ERROR, sources=("EST", "AKO helm/ako/templates/configmap.yaml@1.9.2"))
def check(estate: Estate) -> Iterator[Problem]:
    for entry in entries(estate):
        if entry.cluster is not None and len(entry.cluster.ako) == 1:
            yield from _settings(entry)


def _settings(entry: Entry) -> Iterator[Problem]:
    release = entry.cluster.ako[0] if entry.cluster else None
    for pointer, of_site, source in SETTINGS:
        wanted = dig(entry.site if of_site else entry.data, source)
        given = release.text(*pointer) if release else None
        if release is None or given is None or not isinstance(wanted, str) or given == wanted:
            continue
        if dig(entry.data, ("ako", "values", *pointer)) is None:
            said = entry.site_at(*source) if of_site else entry.at(*source)
            yield differs(
                release.at(*pointer), f"`{release.title(*pointer)}` of `{entry.data['name']}`", given, wanted, said
            )
