"""AKO or AMKO comes from another chart, or from another place, in one cluster.

What it finds:
    A HelmRelease or Application that installs AKO or AMKO in other clusters and, under the same name and namespace,
    another chart in this one; and AKO or AMKO charts that come from different addresses (a warning).

Why it matters:
    A chart that does not exist leaves the cluster with the old release or, new, with none: its members of GSLB stay
    empty. Two registries hold two copies of a chart, of which one is updated first or is not the vendor's.
    Source: fluxcd/helm-controller; argo-cd reposerver; helm/ako, helm/amko.

Bad:
    # site01
    chart: {spec: {chart: amko}}
    # site02
    chart: {spec: {chart: akmo}}

Good:
    # site02
    chart: {spec: {chart: amko}}

Fix:
    Install the same chart from the same place in every cluster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release
from validator.read import argocd, flux
from validator.read.charts import CHARTS
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule

KINDS = {"HelmRelease": flux.HELM, "Application": argocd.GROUP}
Key = tuple[str, str, str]
CHART: Pointer = ("spec", "chart", "spec", "chart")
SOURCE: Pointer = ("spec", "chart", "spec", "sourceRef")
Address = tuple[str, Manifest, Pointer]
"""An address, and the object and the place in it that give it."""


@rule("AKO140", Severity.ERROR, sources=("tkg-avi APP-02", "fluxcd/helm-controller", "argo-cd reposerver"))
def check(estate: Estate) -> Iterator[Problem]:
    installed: dict[Key, Release] = {}
    sources: dict[tuple[str, str], list[Address]] = {}
    releases = [release for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko)]
    for release in releases:
        installed.setdefault(_key(release.manifest), release)
        found = sources.setdefault((release.engine, release.chart), [])
        found.extend(_sources(release.manifest, release.cluster, release.chart))
    for cluster in estate.clusters:
        mine = {id(release.manifest) for release in (*cluster.ako, *cluster.amko)}
        for kind, group in KINDS.items() if installed else ():
            for item in cluster.of(kind, group):
                model = installed.get(_key(item)) if id(item) not in mine else None
                if model is not None and not item.uncertain:
                    yield from _another(item, model)
    if all(len({url for url, _, _ in found}) < 2 for found in sources.values()):
        return
    homes = Counter(
        text for (_, chart), found in sources.items() for url, _, _ in found for text in (url, _home(url, chart))
    )
    for (_, chart), found in sources.items():
        yield from _places(chart, found, homes)


def _home(url: str, chart: str) -> str:
    """Return where the charts are: the address without the name of the chart, which some sources have and some not."""
    return url.rstrip("/").removesuffix(f"/{chart}").removeprefix("oci://")


def _key(item: Manifest) -> Key:
    return item.kind, item.namespace, item.name


def _charts(item: Manifest) -> Iterator[tuple[str, Pointer, str, Pointer]]:
    """Yield name and place of each chart that comes from a registry, and name and place of where it comes from."""
    if item.kind == "HelmRelease":
        chart, source = item.get(*CHART), item.get(*SOURCE)
        if isinstance(chart, str) and isinstance(source, dict) and source.get("kind") == "HelmRepository":
            yield chart, CHART, str(source.get("name")), (*SOURCE, "name")
        return
    for pointer, source in argocd.sources(item):
        if isinstance(source.get("chart"), str):
            yield source["chart"], (*pointer, "chart"), str(source.get("repoURL")), (*pointer, "repoURL")


def _another(item: Manifest, model: Release) -> Iterator[Problem]:
    if item.kind == "Application" and len(list(argocd.sources(item))) < len(list(argocd.sources(model.manifest))):
        yield Problem(
            item.at("spec", "sources"),
            f"Application `{item.name}` lacks the source of the {model.chart.upper()} chart, which it has in cluster "
            f"`{model.cluster.name}`",
            related=((model.version_at, f"chart `{model.chart}`"),),
        )
        return
    for chart, pointer, _, _ in _charts(item):
        if chart.rpartition("/")[2] not in CHARTS and "$" not in chart:
            yield Problem(
                item.at(*pointer),
                f"{item.kind} `{item.name}` installs chart `{chart}`, in cluster `{model.cluster.name}` it installs "
                f"`{model.chart}`",
                related=((model.manifest.at("metadata", "name"), f"installs `{model.chart}`"),),
            )


def _sources(item: Manifest, cluster: Cluster, chart: str) -> Iterator[Address]:
    """Yield the addresses that a release takes a chart from."""
    reference = item.get("spec", "chartRef")
    if item.kind == "HelmRelease" and isinstance(reference, dict) and reference.get("kind") == "OCIRepository":
        for repository in cluster.of("OCIRepository", flux.SOURCE):
            url = repository.spec.get("url")
            if repository.name == reference.get("name") and isinstance(url, str) and url.rstrip("/").endswith(chart):
                yield url, repository, ("spec", "url")
    for name, _, source, pointer in _charts(item):
        if name.rpartition("/")[2] != chart:
            continue
        if item.kind == "Application":
            yield source, item, pointer
        for repository in cluster.of("HelmRepository", flux.SOURCE) if item.kind == "HelmRelease" else ():
            url = repository.spec.get("url")
            if repository.name == source and isinstance(url, str):
                yield url, repository, ("spec", "url")


def _places(chart: str, found: list[Address], homes: Counter[str]) -> Iterator[Problem]:
    count = Counter(url.rstrip("/") for url, _, _ in found if "$" not in url)
    if len(count) < 2:
        return
    usual = max(count, key=lambda url: (count[url], homes[_home(url, chart)], homes[url]))
    model = next(item.at(*pointer) for url, item, pointer in found if url.rstrip("/") == usual)
    told: set[tuple[int, tuple[str | int, ...]]] = set()
    for url, item, pointer in found:
        at = item.at(*pointer)
        place = (id(at.document), at.pointer)
        if url.rstrip("/") != usual and "$" not in url and place not in told:
            told.add(place)
            yield Problem(
                at,
                f"the {chart.upper()} chart comes from `{url}`, in other clusters from `{usual}`",
                related=((model, f"`{usual}`"),),
                severity=Severity.WARNING,
            )
