"""An object is not like the same object in all sibling clusters.

What it finds:
    A sync, source, release, Namespace, ServiceAccount, Secret or Ingress of a cluster that all sibling clusters
    have alike: with a field that is missing or different in this one only, or with nearly their name. The names of
    the cluster and of its site count as equal; chart values, chart versions and the content of Secrets are not
    compared. Of two clusters nobody can tell which one is right: both are shown.

Why it matters:
    A site that lacks `prune: disabled`, a timeout, drift detection or a decryption key works until the day when it
    is needed. Rules of their own tell what is wrong by itself; this one tells only that a site is not like the others.
    Source: fluxcd.io Kustomization v1, HelmRelease v2; argo-cd.readthedocs.io, Application specification.

Bad:
    # site01, site03
    spec: {interval: 10m, timeout: 15m, prune: true}
    # site02
    spec: {interval: 10m, prune: true}

Good:
    # site02
    spec: {interval: 10m, timeout: 15m, prune: true}

Fix:
    Make the sites alike, or leave it. It is information, and in a repository with an estate file a warning where the
    field decides what is applied, from where, or whether at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.clusters.siblings import ABSENT, Difference, differences
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

QUIET = frozenset("interval timeout retryInterval retry maxHistory revisionHistoryLimit refreshInterval".split())
"""Fields that say how often and how long something is tried, and not what."""
TELLING = re.compile(
    r"(argocd\.argoproj\.io/(sync-wave|sync-options|compare-options)|kustomize\.toolkit\.fluxcd\.io/(ssa|substitute|reconcile)"
    r"|sealedsecrets\.bitnami\.com/|reconcile\.fluxcd\.io/|.*\bako\.vmware\.com/|amko\.vmware\.com/"
    r"|pod-security\.kubernetes\.io/|kubernetes\.io/)"
)
"""Labels and annotations that somebody acts on."""


@rule("GIT120", Severity.INFO, sources=("GIT", "fluxcd.io Kustomization v1", "fluxcd.io HelmRelease v2"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in differences(estate):
        first = found[0]
        item, other = first.copy.manifest, first.other.manifest
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        yield Problem(
            item.at(*first.pointer),
            f"{item.kind} `{item.name}` of `{first.copy.owner}` is not like that of `{first.other.owner}`: "
            f"{_said(first)}{more}",
            related=((other.at(*first.pointer), f"{other.kind} `{other.name}` of `{first.other.owner}`"),),
            severity=Severity.WARNING if estate.declared is not None and any(map(_tells, found)) else None,
        )


def _tells(found: Difference) -> bool:
    """Return whether a difference changes what the cluster gets."""
    pointer = found.pointer
    if pointer[0] == "metadata" and len(pointer) > 2 and pointer[1] in {"labels", "annotations"}:
        return bool(TELLING.match(str(pointer[2]))) or found.copy.manifest.kind == "Namespace"
    return QUIET.isdisjoint(pointer)


def _said(found: Difference) -> str:
    place = ".".join(str(step) for step in found.pointer)
    if found.here == ABSENT:
        return f"`{place}` is missing"
    if found.there == ABSENT:
        return f"`{place}` is only here"
    if "\n" in found.here + found.there or not found.here:
        return f"`{place}` differs"
    return f"`{place}` is `{found.here}`, there `{found.there}`"
