"""The release of AMKO gets another name or namespace.

What it finds:
    An AMKO release whose Helm release name, namespace, or HelmRelease object is called otherwise than at the base
    revision. Needs `--base`.

Why it matters:
    Flux uninstalls the old release and installs another. With the release goes its GlobalDeploymentPolicy, and an
    AMKO that sees its policy deleted deletes every GSLB service: all global names stop answering. Argo CD cannot
    apply the change at all, as the selector of the StatefulSet holds the release name and must not change.
    Source: fluxcd/helm-controller internal/action/verify.go ReleaseTargetChanged; AMKO
    gslb/ingestion/gdp_controller.go DeleteGDPObj, helm/amko/templates/_helpers.tpl (1.9.1 to 2.1.1).

Bad:
    spec:
      releaseName: amko-leader     # was amko

Good:
    spec:
      releaseName: amko

Fix:
    Keep the names. If they must change, do it on a follower, and move the lead before you do it on the leader.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change.renames import renamed
from validator.finding import Problem, Severity
from validator.model import Estate, says_leader
from validator.rules import rule


@rule("AMK905", Severity.ERROR, sources=("AKO-35", "fluxcd/helm-controller internal/action/verify.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("amko") if estate.past else ():
        found = renamed(pair)
        if found is None:
            continue
        at, text = found
        severity = Severity.ERROR
        if pair.new.engine == "argocd":
            effect = "Argo CD cannot apply that, as the selector of a StatefulSet is immutable"
        elif says_leader(pair.old):
            effect = (
                "Flux uninstalls the old release, and AMKO, which leads, deletes every GSLB service with its policy"
            )
        else:
            effect = "Flux uninstalls the old release and installs another"
            severity = Severity.WARNING
        yield Problem(at, f"{text}: {effect}; keep the name", severity=severity)
