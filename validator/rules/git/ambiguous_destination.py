"""An Application that does not say, or says twice, which cluster it is for.

What it finds:
    An Argo CD Application whose `destination` has both `server` and `name`, or neither.

Why it matters:
    Argo CD refuses it: `application destination can't have both name and server defined`. Nothing is applied.
    Source: argo-cd util/argo/argo.go GetDestinationServer.

Bad:
    destination: {server: https://kubernetes.default.svc, name: in-cluster, namespace: avi-system}

Good:
    destination: {server: https://kubernetes.default.svc, namespace: avi-system}

Fix:
    Leave one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import argocd
from validator.rules import rule


@rule("GIT109", Severity.ERROR, sources=("GIT-09", "argo-cd util/argo/argo.go@v3.5.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest in estate.objects("Application"):
        destination = manifest.spec.get("destination")
        if not argocd.is_application(manifest) or not isinstance(destination, dict):
            continue
        given = [key for key in ("server", "name") if destination.get(key)]
        if len(given) == 2:
            at = manifest.at("spec", "destination", "name", key=True)
            yield Problem(
                at, f"Application `{manifest.name}` has both `server` and `name` of its destination; one is allowed"
            )
        elif not given:
            at = manifest.at("spec", "destination")
            yield Problem(at, f"Application `{manifest.name}` names no cluster: `server` or `name` is required")
