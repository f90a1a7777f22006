"""An Ingress backend has a Service type that AKO's serviceType cannot reach.

What it finds:
    With `L7Settings.serviceType: NodePort` a backend Service of type ClusterIP; with `NodePortLocal` one of type
    NodePort.

Why it matters:
    In NodePort mode AKO builds pools from node ports and passes over ClusterIP Services with a DEBUG line; in
    NodePortLocal mode it needs Antrea's annotations, which are for ClusterIP Services. Either way the pool stays
    empty, the virtual service is down, and so is the GSLB member.
    Source: AKO internal/nodes/avi_model_l4_translator.go PopulateServersForNodePort; docs/faq.md (1.9.2 to 2.1.1).

Bad:
    # AKO: L7Settings: {serviceType: NodePort}
    kind: Service
    spec: {type: ClusterIP}

Good:
    # AKO: L7Settings: {serviceType: NodePort}
    kind: Service
    spec: {type: NodePort}

Fix:
    Give the Service the type that goes with AKO's serviceType, in every site of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._hosts import backends

SETTING = ("L7Settings", "serviceType")
UNREACHABLE = {"NodePort": "ClusterIP", "NodePortLocal": "NodePort"}


@rule(
    "APP110",
    Severity.ERROR,
    sources=("APP-08", "AKO internal/nodes/avi_model_l4_translator.go@2.1.1", "AKO docs/faq.md@2.1.1"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for found in backends(estate):
        if found.service is None:
            continue
        modes = {release.text(*SETTING) for release in found.cluster.ako}
        mode = modes.pop() if len(modes) == 1 else None
        if mode not in UNREACHABLE:
            continue
        kind = found.service.spec.get("type", "ClusterIP")
        if kind == UNREACHABLE[mode]:
            release = found.cluster.ako[0]
            yield Problem(
                found.service.at("spec", "type")
                if "type" in found.service.spec
                else found.service.at("spec", key=True),
                f"Service `{found.ingress.namespace}/{found.name}` behind an Ingress is of type {kind}, AKO runs "
                f"with serviceType {mode}; the pool stays empty",
                related=((release.at(*SETTING), f"AKO of `{found.cluster.name}`"), (found.at, "the Ingress")),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
