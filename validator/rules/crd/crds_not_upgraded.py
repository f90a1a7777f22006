"""A chart is upgraded to a release with other custom resources, which nothing upgrades.

What it finds:
    An AKO or AMKO release with a newer chart than at the base revision, when releases in between changed the CRDs
    of the chart and the upgrade does not apply them: a HelmRelease without `upgrade.crds: CreateReplace`, or an
    Argo CD source with `skipCrds`. Silent when the cluster's folders hold the CRDs themselves. Needs `--base`.

Why it matters:
    Helm installs the folder `crds/` once and never touches it again, and `upgrade.crds` of a HelmRelease is `Skip`
    by default. The new AKO or AMKO then talks to the old definitions: from AKO 1.11.1 on it lists `v1beta1`, which
    they do not serve (`failed to list *v1beta1.HostRule`), and fields that they do not know are dropped without a
    word.
    Source: helm.sh (Custom Resource Definitions); fluxcd.io HelmRelease v2 `upgrade.crds`; helm/ako/crds and
    helm/amko/crds of each release.

Bad:
    spec:
      chart: {spec: {chart: ako, version: 1.11.1}}     # was 1.10.5
      upgrade: {}

Good:
    spec:
      chart: {spec: {chart: ako, version: 1.11.1}}
      upgrade: {crds: CreateReplace}

Fix:
    Set `upgrade.crds: CreateReplace`, or apply the CRDs of the new chart before it. The CRDs of AKO go first, on
    all member clusters, those of AMKO after them.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import Pair
from validator.facts.change import crds_between
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.argocd import sources
from validator.read.documents import Ref
from validator.rules import rule

GROUPS = {"ako": "ako.vmware.com", "amko": "amko.vmware.com"}
LISTED = 3


@rule("CRD901", Severity.ERROR, sources=("AMKO-VER-01", "helm/ako/crds@1.11.1", "fluxcd.io HelmRelease v2"))
def check(estate: Estate) -> Iterator[Problem]:
    for chart, group in GROUPS.items():
        for pair in estate.past.releases(chart) if estate.past else ():
            old, new = pair.old.version, pair.new.version
            if old is None or new is None or (place := _skipped(pair)) is None:
                continue
            changed = crds_between(chart, old, new)
            own = any(item.name.endswith(f".{group}") for item in pair.new.cluster.of("CustomResourceDefinition"))
            if changed and not own:
                at, said = place
                names = ", ".join(changed[:LISTED]) + (", ..." if len(changed) > LISTED else "")
                yield Problem(
                    at,
                    f"{chart.upper()} of cluster `{pair.new.cluster.name}` goes from {old} to {new}, and its CRDs "
                    f"changed in {names}, but {said}: the new version meets the old CRDs; let the upgrade replace "
                    "them",
                )


def is_secondary(release: Release) -> bool:
    """Return whether a release is a further AKO of its cluster: the CRDs come with the primary one."""
    flag = release.get("AKOSettings", "primaryInstance")
    return release.chart == "ako" and flag is False and len(release.cluster.ako) > 1


def _skipped(pair: Pair[Release]) -> tuple[Ref, str] | None:
    """Return where and how an upgrade passes over the CRDs, None where it applies them or this is not known."""
    release = pair.new
    if is_secondary(release):
        return None
    if release.engine == "flux":
        policy = release.manifest.get("spec", "upgrade", "crds")
        if policy == "CreateReplace":
            return None
        said = "`upgrade.crds` is not set, which means `Skip`" if policy is None else f"`upgrade.crds` is `{policy}`"
        return release.manifest.at("spec", "upgrade", "crds"), said
    if release.engine == "argocd":
        for pointer, source in sources(release.manifest):
            helm = source.get("helm")
            if (
                str(source.get("chart", "")).endswith(release.chart)
                and isinstance(helm, dict)
                and helm.get("skipCrds") is True
            ):
                return release.manifest.at(*pointer, "helm", "skipCrds"), "`skipCrds` leaves them out"
    return None
