"""An AMKOCluster that does not say its version.

What it finds:
    An AMKOCluster object, written without the chart, with no `spec.version` or an empty one.

Why it matters:
    AMKO refuses it, `version field can't be empty in AMKOCluster object`: a leader does not start, and a leader elsewhere passes
    over this cluster because of a version mismatch.
    Source: AMKO federator/controllers/utils.go VerifyAMKOClusterSanity, ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    kind: AMKOCluster
    spec: {clusterContext: a-admin@a, isLeader: true, clusters: [a-admin@a]}

Good:
    kind: AMKOCluster
    spec: {clusterContext: a-admin@a, isLeader: true, clusters: [a-admin@a], version: 2.1.1}

Fix:
    Write the version of the AMKO image, the same in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.schema.faults import tells_of


@rule("AMK120", Severity.ERROR, sources=("AMKO-FED-02", "AMKO-FED-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("AMKOCluster"):
        for manifest in cluster.of("AMKOCluster", GROUP):
            empty = manifest.get("spec", "version") in (None, "")
            if empty and manifest.spec and not manifest.uncertain and not tells_of(manifest, "spec", "version"):
                yield Problem(
                    manifest.at("spec", "version"),
                    f"AMKOCluster `{manifest.name}` has no `spec.version`; AMKO refuses it, write the version of AMKO",
                )
