"""A management cluster gives TKG's own AKO to every workload cluster, and some have one of their own.

What it finds:
    A management cluster's configuration file with `AVI_ENABLE: true` and without `AVI_LABELS`, where clusters of the same
    site get AKO by the chart and their `Cluster` objects do not stand in the repository. Where these do, the rule on two
    AKOs in one cluster names each of them.

Why it matters:
    Without labels the AKODeploymentConfig `install-ako-for-all` has an empty selector, which takes all clusters that no
    other one takes. Both AKOs make StatefulSet `ako` and its ConfigMap in `avi-system` and fight for them; the selector
    cannot be changed later, and the package cannot be taken out of a cluster again.
    Source: tanzu-framework v0.28.3 packages/ako-operator-v2/bundle/config/overlays/overlay-akodeploymentconfig.yaml;
    load-balancer-operator-for-kubernetes v1.7.0 api/v1alpha1/akodeploymentconfig_webhook.go.

Bad:
    AVI_ENABLE: "true"

Good:
    AVI_ENABLE: "true"
    AVI_LABELS: '{"tkg-ako": "managed"}'

Fix:
    Set `AVI_LABELS` to a label that no cluster with a chart of AKO carries.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.tkg.configuration import Configuration, sites

LABELS = "AVI_LABELS"


@rule("AVI201", Severity.ERROR, sources=("AVI-01", "tanzu-framework v0.28.3 packages/ako-operator-v2"))
def check(estate: Estate) -> Iterator[Problem]:
    for found, index in estate.managements:
        if not found.uses_avi or found.labels != {} or found.says(LABELS):
            continue
        cluster = next(_with_chart(estate, found, index), None)
        if cluster is not None:
            release = next(release for release in cluster.ako if release.is_chart)
            yield Problem(
                found.at(LABELS if LABELS in found.variables else "AVI_ENABLE"),
                f"`{LABELS}` is not set: TKG gives its own AKO to every workload cluster, and `{cluster.name}` gets it by "
                "the chart",
                ((release.manifest.at("metadata", "name"), f"AKO is installed in `{cluster.name}` here"),),
                absence=None if LABELS in found.variables else found.document.path,
            )


def _with_chart(estate: Estate, found: Configuration, index: int | None) -> Iterator[Cluster]:
    """Yield the clusters of the site that have a chart of AKO and no `Cluster` object that a selector could be held against."""
    site = sites(estate)[index]["name"] if index is not None else None
    for cluster in estate.clusters:
        own = cluster.site == site if site is not None else _beside(found, cluster)
        if own and cluster.tkg is None and any(release.is_chart for release in cluster.ako):
            yield cluster


def _beside(found: Configuration, cluster: Cluster) -> bool:
    """Return whether a file stands in the folder of a cluster's site."""
    return f"/sites/{cluster.site}/" in f"/{found.document.path}"
