"""A selected Service of type LoadBalancer stands in a cluster where AKO does layer 7 only.

What it finds:
    `AKOSettings.layer7Only: true` in a cluster where the policy selects a Service of type LoadBalancer.

Why it matters:
    AKO makes no virtual service for such a Service, someone else does (the Supervisor, MetalLB). Without AKO's
    annotations AMKO drops the object: `skipping service because controllerUUID or vsUUID missing from annotations`.
    Source: AMKO gslb/k8sobjects/service_object.go GetSvcMeta (1.9.1 to 2.1.1).

Bad:
    # a Service of type LoadBalancer is selected in this cluster
    AKOSettings: {layer7Only: true}

Good:
    AKOSettings: {layer7Only: false}

Fix:
    Publish the application by an Ingress in this cluster, or let AKO do layer 4 here.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.values import flag

SETTING = ("AKOSettings", "layer7Only")


@rule("APP117", Severity.ERROR, sources=("APP-15", "AMKO gslb/k8sobjects/service_object.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        for found in selection.selected if selection.policy.sound else ():
            releases = found.cluster.ako
            if found.rule is not None or not releases or not all(flag(one.get(*SETTING)) for one in releases):
                continue
            yield Problem(
                found.manifest.at("metadata", "name"),
                f"Service `{found.manifest.namespace}/{found.manifest.name}` is selected, but AKO of cluster "
                f"`{found.cluster.name}` does layer 7 only and makes no virtual service for it",
                related=((releases[0].at(*SETTING), "set here"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
