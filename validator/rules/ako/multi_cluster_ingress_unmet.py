"""Multi-cluster ingress is on without what it needs.

What it finds:
    `L7Settings.enableMCI: "true"` while serviceType is not NodePort or `enableEVH` is not true.

Why it matters:
    `ServiceType must be of type NodePort`, `AKO must be in EVH mode`: AKO rejects every MultiClusterIngress.
    Source: AKO internal/k8s/multi_cluster_ingress_event_handlers.go (1.9.2 to 2.1.1).

Bad:
    L7Settings: {enableMCI: "true", serviceType: ClusterIP}

Good:
    AKOSettings: {enableEVH: true}
    L7Settings: {enableMCI: "true", serviceType: NodePort}

Fix:
    Set serviceType NodePort and `enableEVH: true`, or turn `enableMCI` off.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import TYPE, releases, setting, text
from validator.values import flag

SETTING = ("L7Settings", "enableMCI")


@rule("AKO127", Severity.ERROR, sources=("AKO-36", "AKO internal/k8s@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if not flag(release.get(*SETTING)):
            continue
        mode, evh = text(release, *TYPE), flag(setting(release, "AKOSettings", "enableEVH"))
        lacking = [f"serviceType NodePort instead of {mode}"] if mode not in {None, "NodePort"} else []
        lacking += ["`enableEVH: true`"] if evh is False else []
        if lacking:
            yield Problem(
                release.at(*SETTING),
                f"`enableMCI` needs {' and '.join(lacking)}; AKO rejects every MultiClusterIngress",
            )
