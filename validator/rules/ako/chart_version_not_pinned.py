"""An AKO or AMKO release does not name one chart version.

What it finds:
    A HelmRelease or Application of AKO or AMKO whose chart version is a range, is not given, or is no release of
    that chart that is known while newer ones are.

Why it matters:
    Each site looks for itself, when it can: with a range two sites run two versions, and AMKO federates between
    equal ones only. The CustomResourceDefinitions belong before the release, which nobody can see to that way. A
    version that does not exist keeps the site at the old one.
    Source: AMKO federator/controllers/utils.go ValidateMemberClusters; AMKO README.md, upgrade order (2.1.1).

Bad:
    chart: {spec: {chart: ako, version: 1.x}}

Good:
    chart: {spec: {chart: ako, version: 1.13.4}}

Fix:
    Name the release, the same in every site, and upgrade by a commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako, amko, version
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.manifest import dig
from validator.rules import rule

KNOWN = {"ako": ako.releases, "amko": amko.releases}


@rule("AKO135", Severity.WARNING, sources=("tkg-avi APP-02", "AMKO-FED-04", "AMKO README.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    releases = [release for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko)]
    pinned = {release.chart for release in releases if release.version is not None}
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            if not release.is_chart or release.manifest.uncertain:
                continue
            title = f"{release.chart.upper()} of cluster `{cluster.name}`"
            if release.version is None:
                follows = release.manifest.kind == "HelmRelease" and _is_tag(release)
                if (what := _loose(release)) is not None and (not follows or release.chart in pinned):
                    text = f"the chart version of {title} {what}; sites upgrade apart from each other"
                    yield Problem(release.version_at, text)
                continue
            known = KNOWN[release.chart]()
            given = dig(release.version_at.document.value, release.version_at.pointer)
            if _is_tag(release) and isinstance(given, str) and given[1:] in known and given[:1] == "v":
                text = f"`{given}` of {title} is no tag in the registry, that is `{given[1:]}`"
                yield Problem(release.version_at, text, severity=Severity.ERROR)
                continue
            exact = version.exact(known, release.version)
            if exact is not None and exact != release.version.partition("+")[0]:
                text = f"`{release.version}` of {title} is no published release of the chart, that is `{exact}`"
                yield Problem(release.version_at, text, severity=Severity.INFO)
            elif exact is None and version.compare(release.version, known[-1]) == -1:
                near = version.nearest(known, release.version)
                text = f"`{release.version}` of {title} is no known release of the chart, did you mean `{near}`"
                yield Problem(release.version_at, text)


def _is_tag(release: Release) -> bool:
    """Return whether the version is a tag of an OCI registry, which is taken letter by letter."""
    manifest = release.manifest
    if manifest.kind == "HelmRelease":
        return isinstance(manifest.get("spec", "chartRef"), dict)
    source = dig(release.version_at.document.value, release.version_at.pointer[:-1])
    url = source.get("repoURL") if isinstance(source, dict) else None
    return isinstance(url, str) and ("://" not in url or url.startswith("oci://"))


def _loose(release: Release) -> str | None:
    given = dig(release.version_at.document.value, release.version_at.pointer)
    if isinstance(given, str) and given and "$" not in given:
        return f"is `{given}`, which is no one release"
    manifest = release.manifest
    if manifest.kind == "HelmRelease" and _is_tag(release):
        semver = dig(release.version_at.document.value, ("spec", "ref", "semver"))
        return f"is `{semver}`, which is no one release" if isinstance(semver, str) else None
    if manifest.kind == "HelmRelease":
        chart = manifest.get("spec", "chart", "spec")
        pinned = not isinstance(chart, dict) or bool(chart.get("version"))
        return None if pinned or dig(chart, ("sourceRef", "kind")) != "HelmRepository" else "is not given"
    source = dig(release.version_at.document.value, release.version_at.pointer[:-1])
    bare = manifest.kind == "Application" and isinstance(source, dict) and "chart" in source
    return "is not given" if bare and not source.get("targetRevision") else None
