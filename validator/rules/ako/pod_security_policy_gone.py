"""A chart is to make a PodSecurityPolicy where Kubernetes has none any more.

What it finds:
    `rbac.pspEnable: true` for AKO or AMKO on Kubernetes 1.25 or newer, by the cluster's `Cluster` object, the
    estate file, or the range of Kubernetes versions of the AKO release.

Why it matters:
    `no matches for kind "PodSecurityPolicy" in version "policy/v1beta1"`: the release fails to install or upgrade.
    Source: AKO and AMKO helm templates psppolicy; Kubernetes 1.25 removed policy/v1beta1 PodSecurityPolicy.

Bad:
    # Kubernetes v1.26
    rbac: {pspEnable: true}

Good:
    rbac: {pspEnable: false}

Fix:
    Turn it off.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako, version
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import kubernetes
from validator.values import flag

SETTING = ("rbac", "pspEnable")
GONE = "1.25"


@rule("AKO125", Severity.ERROR, sources=("AKO-31", "AKO helm/ako/templates@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            if flag(release.get(*SETTING)) and (reason := _reason(estate, release)) is not None:
                what, related = reason
                yield Problem(
                    release.at(*SETTING), f"`pspEnable` needs Kubernetes before {GONE}, {what}", related=related
                )


def _reason(estate: Estate, release: Release) -> tuple[str, tuple[tuple[Ref, str], ...]] | None:
    found = kubernetes(estate, release.cluster)
    if found is not None:
        if version.compare(version.minor(found.value) or "", GONE) in {0, 1}:
            name = release.cluster.name
            return f"cluster `{name}` has `{found.value}`", ((found.at, "the version"),)
        return None
    facts = ako.find(release.version or "") if release.chart == "ako" else None
    if facts is not None and version.compare(facts.kubernetes_enforced.low, GONE) in {0, 1}:
        return f"AKO {facts.version} starts on {facts.kubernetes_enforced} only", ()
    return None
