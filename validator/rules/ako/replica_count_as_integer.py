"""AKO's replica count is given in a way that its chart cannot compare.

What it finds:
    `replicaCount` by an Argo CD `parameters` entry, or by Flux `valuesFrom` with `targetPath`, with a chart older
    than 1.14.1.

Why it matters:
    Both ways make an integer of it, as `helm --set` does; the template compares with `2.0`, and Go refuses:
    `incompatible types for comparison`. From a values document the same number is a float and renders.
    Source: AKO helm/ako/templates/statefulset.yaml (1.9.2 to 1.13.4; fixed in 1.14.1).

Bad:
    kind: Application
    spec: {source: {chart: ako, targetRevision: 1.13.4, helm: {parameters: [{name: replicaCount, value: "1"}]}}}

Good:
    kind: Application
    spec: {source: {chart: ako, targetRevision: 1.13.4, helm: {valuesObject: {replicaCount: 1}}}}

Fix:
    Set it in `values` or `valuesObject`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import version
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read import argocd
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import releases

FIXED = "1.14.1"
NAME = "replicaCount"


@rule("AKO120", Severity.ERROR, sources=("AKO-24", "AKO helm/ako/templates/statefulset.yaml@1.13.4"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if release.version is None or version.compare(release.version, FIXED) != -1:
            continue
        for at in _places(release):
            yield Problem(
                at,
                f"`{NAME}` is set as `helm --set` does, an integer; chart {release.version} compares it with a float "
                f"and does not render before {FIXED}",
            )


def _places(release: Release) -> Iterator[Ref]:
    manifest = release.manifest
    if release.engine == "flux":
        entries = manifest.spec.get("valuesFrom")
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and entry.get("targetPath") == NAME:
                yield manifest.at("spec", "valuesFrom", index, "targetPath")
        return
    for pointer, source in argocd.sources(manifest) if release.engine == "argocd" else ():
        helm = source.get("helm")
        entries = helm.get("parameters") if isinstance(helm, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and entry.get("name") == NAME:
                yield manifest.at(*pointer, "helm", "parameters", index)
