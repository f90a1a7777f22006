"""A release installs AKO with the values of AMKO, or the other way round.

What it finds:
    A HelmRelease or Application that installs one of the two charts, while its values are those of the other one: a chart name,
    a `chartRef` or the address of a chart copied from the other release.

Why it matters:
    Helm does not ask whether a chart knows the values. It installs AKO a second time, under the names of the first one, and
    without any setting; AMKO is not there at all.
    Source: helm/ako/values.yaml, helm/amko/values.yaml (1.9.1 to 2.1.1).

Bad:
    chart: ako
    values:
      federation: {currentCluster: a-admin@a}
      configs: {gslbLeaderController: avi-01.example.com}

Good:
    chart: amko

Fix:
    Name the chart that the values are for.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.rules import rule

BLOCKS = {
    "ako": frozenset("AKOSettings NetworkSettings L7Settings L4Settings ControllerSettings".split()),
    "amko": frozenset("federation configs globalDeploymentPolicy".split()),
}
"""Top-level values that only one chart has."""
ENOUGH = 2


@rule("AKO138", Severity.ERROR, sources=("SCH", "helm/ako/values.yaml", "helm/amko/values.yaml"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            keys = release.values.merged.keys()
            other = "amko" if release.chart == "ako" else "ako"
            if (
                release.engine != "manifests"
                and len(keys & BLOCKS[other]) >= ENOUGH
                and not keys & BLOCKS[release.chart]
            ):
                yield Problem(
                    _place(release),
                    f"{release.manifest.kind} `{release.manifest.name}` of cluster `{cluster.name}` installs the "
                    f"{release.chart.upper()} chart with the values of {other.upper()}; did you mean `{other}`?",
                    related=((release.manifest.at("metadata", "name"), "installed by this"),),
                )


def _place(release: Release) -> Ref:
    manifest = release.manifest
    if manifest.kind == "Application":
        found = [(at, item) for at, item in argocd.sources(manifest) if "chart" in item]
        return manifest.at(*found[0][0], "chart") if found else manifest.at("spec")
    if manifest.get("spec", "chart"):
        return manifest.at("spec", "chart", "spec", "chart")
    name = manifest.get("spec", "chartRef", "name")
    for source in release.cluster.of("OCIRepository", flux.SOURCE):
        if source.name == name and source.name == manifest.name:
            return source.at("spec", "url")
    return manifest.at("spec", "chartRef", "name")
