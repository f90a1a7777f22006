"""A release or an Application that says nothing about what to install.

What it finds:
    A HelmRelease with neither `chart` nor `chartRef`; an Application with neither `source` nor `sources`, or with
    a source that has no `path`, `chart` or `ref`.

Why it matters:
    The API server denies such a HelmRelease (`either chart or chartRef must be set`), and Flux applies nothing of
    the Kustomization that holds it. Argo CD takes such an Application and reports `InvalidSpecError`: nothing is
    synced any more, and nothing is removed.
    Source: helm.toolkit.fluxcd.io/v2 HelmRelease, validation; argo-cd util/argo/argo.go ValidateRepo.

Bad:
    kind: HelmRelease
    spec: {interval: 1h, values: {}}

Good:
    kind: HelmRelease
    spec:
      interval: 1h
      chart: {spec: {chart: ako, version: 1.13.4, sourceRef: {kind: HelmRepository, name: ako}}}

Fix:
    Name the chart, or the path.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import argocd, flux
from validator.read.manifest import Manifest
from validator.rules import rule

ONE_OF = ("path", "chart", "ref", "plugin")


@rule("GIT122", Severity.ERROR, sources=("GIT", "argo-cd util/argo/argo.go", "fluxcd.io HelmRelease v2"))
def check(estate: Estate) -> Iterator[Problem]:
    seen: set[int] = set()
    for cluster in estate.holders("HelmRelease", "Application"):
        for item in (*cluster.of("HelmRelease", flux.HELM), *cluster.of("Application", argocd.GROUP)):
            if id(item.document) in seen or item.uncertain or not item.spec:
                continue
            seen.add(id(item.document))
            yield from _release(item) if item.kind == "HelmRelease" else _application(item)


def _release(item: Manifest) -> Iterator[Problem]:
    if "chart" not in item.spec and "chartRef" not in item.spec:
        yield Problem(item.at("spec"), f"HelmRelease `{item.name}` has neither `chart` nor `chartRef`")


def _application(item: Manifest) -> Iterator[Problem]:
    given = [key for key in ("source", "sources") if item.spec.get(key)]
    if not given and not item.spec.get("sourceHydrator"):
        yield Problem(item.at("spec"), f"Application `{item.name}` has neither `source` nor `sources`")
    for pointer, source in argocd.sources(item):
        address = source.get("repoURL")
        if isinstance(address, str) and not address.startswith("oci://") and not any(source.get(key) for key in ONE_OF):
            text = f"a source of Application `{item.name}` has no `path`, `chart` or `ref`; Argo CD refuses it"
            yield Problem(item.at(*pointer), text)
