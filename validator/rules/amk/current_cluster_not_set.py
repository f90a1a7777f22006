"""AMKO does not know which cluster it runs in.

What it finds:
    An AMKO release without `federation.currentCluster`, or with an empty one.

Why it matters:
    Up to 1.13.1 the chart then writes nothing and AMKO refuses its own object: `clusterContext field can't be empty in
    AMKOCluster object`. From 1.14.1 on the chart writes `cluster1-admin`, the name of an example.
    Source: AMKO federator/controllers/amkocluster_controller.go VerifyAMKOClusterSanity; helm/amko/values.yaml@1.13.1 and
    @1.14.1.

Bad:
    federation:
      currentClusterIsLeader: true
      memberClusters: [a-admin@a, b-admin@b]

Good:
    federation:
      currentCluster: a-admin@a
      currentClusterIsLeader: true
      memberClusters: [a-admin@a, b-admin@b]

Fix:
    Set `federation.currentCluster` to the kubeconfig context of this cluster, as it stands in `gslb-config-secret`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

CURRENT = ("federation", "currentCluster")


@rule("AMK105", Severity.ERROR, sources=("AMKO-FED-02", "AMKO-LEAD-03"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            value = release.get(*CURRENT)
            if (value is MISSING and release.values.unknown) or (value not in ("", None) and value is not MISSING):
                continue
            if lacks(release, "federation") or tells(release, *CURRENT):
                continue
            yield Problem(
                release.at(*CURRENT),
                f"`{release.title(*CURRENT)}` of cluster `{cluster.name}` is {_state(release, value)}"
                f"{_default(release) if value is MISSING else ''}; set it to the cluster's context in the "
                "kubeconfig of `gslb-config-secret`",
            )


def _state(release: Release, value: object) -> str:
    if not release.values.merged:
        return "not set, nor is any other value of the release"
    return "not set" if value is MISSING else "empty"


def _default(release: Release) -> str:
    if release.engine == "manifests" or release.version is None:
        return ""
    example = amko.has(release.version, "leaderByDefault")
    text = "is the example `cluster1-admin`" if example else "is empty, which AMKO rejects"
    return "" if example is None else f", and the default of chart {release.version} {text}"
