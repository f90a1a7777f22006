"""The DNS virtual service shares its service engines with the workloads.

What it finds:
    An AKO release whose `serviceEngineGroupName` is the group that the estate file gives to the site's GSLB DNS
    virtual service; without an estate file, the one that `avi/gslb.json` makes on the same controller.

Why it matters:
    Load on an application, or a virtual service that makes a service engine restart, takes the answers for all
    global names of the site along. In ClusterIP mode AKO also labels the group with the name of its cluster.
    Source: Avi documentation, DNS virtual service for GSLB; AKO internal/lib, labels of the SE group (1.9.1 to
    2.1.1).

Bad:
    # estate.yaml
    avi: {dns: {serviceEngineGroup: Default-Group}}
    # AKO
    ControllerSettings: {serviceEngineGroupName: Default-Group}

Good:
    # estate.yaml
    avi: {dns: {serviceEngineGroup: g-dns-seg}}

Fix:
    Give the DNS virtual service a group of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.amk._controllers import host_of
from validator.rules.est._declared import entries

GROUP = ("ControllerSettings", "serviceEngineGroupName")
HOST = ("ControllerSettings", "controllerHost")
DNS = ("avi", "dns", "serviceEngineGroup")
MADE = ("serviceenginegroup", "name")


@rule("DNS107", Severity.WARNING, sources=("GSLB-15", "AKO internal/lib@1.9.2"))
def check(estate: Estate) -> Iterator[Problem]:
    for entry in entries(estate):
        reserved = dig(entry.site, DNS)
        for release in entry.cluster.ako if entry.cluster else ():
            if isinstance(reserved, str) and release.text(*GROUP) == reserved:
                text = f"SE group `{reserved}` of site `{entry.site['name']}` serves the global DNS, AKO uses it for workloads"
                yield Problem(release.at(*GROUP), text, ((entry.site_at(*DNS), "the DNS virtual service uses it"),))
    if estate.declared is None:
        yield from _undeclared(estate)


def _undeclared(estate: Estate) -> Iterator[Problem]:
    made = {
        (host_of(part.text("controller")), part.text(*MADE)): part
        for found in estate.gslb
        for part in found.controllers
    }
    for cluster in estate.members if made else ():
        for release in cluster.ako:
            group = release.text(*GROUP)
            part = made.get((host_of(release.text(*HOST)), group))
            if part is not None and group:
                text = (
                    f"SE group `{group}` of site `{part.get('site')}` serves the global DNS, AKO uses it for workloads"
                )
                yield Problem(release.at(*GROUP), text, ((part.at(*MADE), "the DNS virtual service uses it"),))
