"""The release of AKO gets another name or namespace.

What it finds:
    An AKO release whose Helm release name, namespace, or HelmRelease object is called otherwise than at the base
    revision. Needs `--base`.

Why it matters:
    The selector of AKO's StatefulSet holds the release name, and a selector cannot be changed: Argo CD fails with
    `updates to statefulset spec for fields other than ... are forbidden`, and AKO stays as it is. Flux uninstalls
    the old release, with it IngressClass and ConfigMap, and installs another; between the two no Ingress is served
    anew, and when the second step fails there is no AKO at all.
    Source: AKO helm/ako/templates/_helpers.tpl (1.9.1 to 2.2.1); fluxcd/helm-controller internal/action/verify.go
    ReleaseTargetChanged.

Bad:
    spec:
      releaseName: ako-site01     # was ako

Good:
    spec:
      releaseName: ako

Fix:
    Keep the names: nothing but labels depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change.renames import renamed
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("AKO901", Severity.ERROR, sources=("AKO-35", "fluxcd/helm-controller internal/action/verify.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("ako") if estate.past else ():
        found = renamed(pair)
        if found is None:
            continue
        at, text = found
        argocd = pair.new.engine == "argocd"
        effect = "Argo CD cannot apply that, the selector of a StatefulSet is immutable"
        if not argocd:
            effect = "Flux uninstalls the old release and installs another"
        severity = Severity.ERROR if argocd else Severity.WARNING
        yield Problem(at, f"{text}: {effect}; keep the name", severity=severity)
