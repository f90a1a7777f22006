"""AMKO takes members from no cluster.

What it finds:
    An AMKO release without `configs.memberClusters` (the chart then writes `cluster1-admin` and `cluster2-admin`, the names of
    examples), or with an empty list.

Why it matters:
    AMKO connects to the clusters of this list and to no other. Names of examples are no contexts of its kubeconfig: each is skipped
    with one warning, and never tried again. A policy that names any other cluster is refused as a whole.
    Source: AMKO helm/amko/values.yaml; gslb/ingestion/gslb.go InitializeGSLBMemberClusters; gslb/ingestion/gdp_controller.go
    GDPSanityChecks (1.9.1 to 2.1.1).

Bad:
    configs: {gslbLeaderController: avi-01.example.com}

Good:
    configs:
      gslbLeaderController: avi-01.example.com
      memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]

Fix:
    List every cluster whose applications are to be members of GSLB services, the same in every cluster that runs AMKO.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.schema.faults import tells

MEMBERS = ("configs", "memberClusters")


@rule("AMK207", Severity.ERROR, sources=("AMKO-CTX-02", "AMKO-CTX-03"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            found = release.get(*MEMBERS)
            if (found is MISSING and release.values.unknown) or not (found is MISSING or found is None or found == []):
                continue
            if (
                release.engine == "manifests"
                and release.get("configs", "gslbLeaderController") is MISSING
                and found is MISSING
            ):
                continue  # the whole object is empty, which is told once
            if (
                release.values.get("configs") in (MISSING, None, {})
                or lacks(release, "configs")
                or tells(release, *MEMBERS)
            ):
                continue
            examples = found is MISSING and release.engine != "manifests"
            rest = (
                ", and the chart writes `cluster1-admin` and `cluster2-admin`, which are examples" if examples else ""
            )
            yield Problem(
                release.at(*MEMBERS),
                f"`{release.title(*MEMBERS)}` is {'not set' if found is MISSING else 'empty'}{rest}; list the clusters that AMKO is to "
                "take members from",
            )
