"""An upgrade of AKO or AMKO will leave its custom resource definitions as they are.

What it finds:
    A HelmRelease of AKO or AMKO whose `upgrade.crds` is `Skip`, or is not set while other clusters set it, or whose
    `install.crds` is `Skip`; an Application of them
    with `skipCrds: true`; both where nothing else in the cluster's folders brings the CRDs.

Why it matters:
    Helm installs the folder `crds/` of a chart once and never again. After an upgrade the new AKO or AMKO works
    with the definitions of the old one: fields that they lack are dropped without a word, versions that they do not
    serve cannot be listed.
    Source: helm.sh, Custom Resource Definitions; fluxcd.io HelmRelease v2, `upgrade.crds` (default: Skip).

Bad:
    upgrade: {crds: Skip}

Good:
    upgrade: {crds: CreateReplace}

Fix:
    Set `upgrade.crds: CreateReplace`, in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.argocd import sources
from validator.rules import rule
from validator.rules.crd import crds_not_upgraded
from validator.rules.crd.crds_not_upgraded import is_secondary

GROUPS = {"ako": "ako.vmware.com", "amko": "amko.vmware.com"}
POLICY, INSTALL = ("spec", "upgrade", "crds"), ("spec", "install", "crds")


@rule("CRD120", Severity.WARNING, sources=("AMKO-VER-01", "fluxcd.io HelmRelease v2", "helm/ako/crds@1.11.1"))
def check(estate: Estate) -> Iterator[Problem]:
    releases = [release for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko) if release.is_chart]
    model = next(
        (one for one in releases if one.engine == "flux" and one.manifest.get(*POLICY) == "CreateReplace"), None
    )
    told = {problem.at for problem in crds_not_upgraded.check(estate)}
    for release in releases:
        own = release.cluster.of("CustomResourceDefinition")
        if any(item.name.endswith(f".{GROUPS[release.chart]}") for item in own) or is_secondary(release):
            continue
        found = _flux(release, model) if release.engine == "flux" else _argocd(release)
        yield from (problem for problem in found if problem.at not in told)


def _flux(release: Release, model: Release | None) -> Iterator[Problem]:
    policy, title = release.manifest.get(*POLICY), f"{release.chart.upper()} of cluster `{release.cluster.name}`"
    if release.manifest.get(*INSTALL) == "Skip":
        text = f"`install.crds: Skip` installs {title} without its CRDs, and nothing else here has them; set `CreateReplace`"
        yield Problem(release.manifest.at(*INSTALL), text)
    if policy == "Skip":
        text = f"`upgrade.crds: Skip` leaves the CRDs of {title} as they are at an upgrade; set `CreateReplace`"
        yield Problem(release.manifest.at(*POLICY), text)
    elif policy is None and model is not None and not release.manifest.uncertain:
        text = f"`upgrade.crds` of {title} is not set, which means `Skip`; others have `CreateReplace`"
        note = ((model.manifest.at(*POLICY), f"{model.chart.upper()} of `{model.cluster.name}`"),)
        yield Problem(release.manifest.at(*POLICY), text, note)


def _argocd(release: Release) -> Iterator[Problem]:
    for pointer, source in sources(release.manifest) if release.engine == "argocd" else ():
        helm = source.get("helm")
        if (
            str(source.get("chart", "")).endswith(release.chart)
            and isinstance(helm, dict)
            and helm.get("skipCrds") is True
        ):
            text = f"`skipCrds` leaves out the CRDs of {release.chart.upper()} of cluster `{release.cluster.name}`"
            yield Problem(release.manifest.at(*pointer, "helm", "skipCrds"), text)
