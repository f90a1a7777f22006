"""A sync, release or source is suspended.

What it finds:
    `suspend: true` on a Flux Kustomization, HelmRelease or source that a cluster of the estate gets.

Why it matters:
    Flux leaves a suspended object alone: what is in git from then on never arrives, drift is not undone, and everything that
    depends on it waits. In git it is easily forgotten, as all objects stay `Ready`; a failover finds the old state.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Suspend; fluxcd/helm-controller
    docs/spec/v2/helmreleases.md, Suspend.

Bad:
    kind: HelmRelease
    spec: {suspend: true}

Good:
    kind: HelmRelease
    spec: {}

Fix:
    Take `suspend` out, or excuse the line with the reason for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

GROUPS = frozenset(f"{name}.toolkit.fluxcd.io" for name in ("kustomize", "helm", "source"))


@rule("GIT124", Severity.WARNING, sources=("GIT", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    seen: set[int] = set()
    for cluster in estate.clusters:
        for item in cluster.manifests:
            if item.group in GROUPS and item.spec.get("suspend") is True and id(item.document) not in seen:
                seen.add(id(item.document))
                yield Problem(
                    item.at("spec", "suspend"),
                    f"{item.kind} `{item.name}` of cluster `{cluster.name}` is suspended: nothing that changes here arrives "
                    "there",
                )
