"""An AviInfraSetting has BGP peer labels while route health injection is off.

What it finds:
    `network.bgpPeerLabels` of an AviInfraSetting without `network.enableRhi: true`.

Why it matters:
    AKO rejects the setting: `BGPPeerLabels cannot be set if EnableRhi is false.` Ingresses and Services that refer
    to it keep the cluster's own network and Service Engine group.
    Source: AKO internal/k8s/validator.go ValidateAviInfraSetting (1.9.2 to 2.1.1).

Bad:
    spec: {network: {bgpPeerLabels: [peer1]}}

Good:
    spec: {network: {enableRhi: true, bgpPeerLabels: [peer1]}}

Fix:
    Set `enableRhi: true`; the `enableRHI` of AKO's values does not count here.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import items, objects, title

LABELS = ("spec", "network", "bgpPeerLabels")


@rule("CRD110", Severity.ERROR, sources=("HR-10", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "AviInfraSetting"):
        if items(item.value, *LABELS) and item.get("spec", "network", "enableRhi") is not True:
            yield Problem(
                item.at(*LABELS),
                f"`bgpPeerLabels` of {title(item)} needs `enableRhi: true`; AKO rejects the setting",
            )
