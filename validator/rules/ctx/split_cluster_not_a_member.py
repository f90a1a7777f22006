"""A traffic split for a cluster that is no member.

What it finds:
    A cluster in `trafficSplit` of the policy that does not stand in `configs.memberClusters`.

Why it matters:
    AMKO refuses the whole policy: `cluster X in traffic policy not present in GSLBConfig`. While it runs it keeps the old policy, so the
    commit looks harmless; at its next start the policy counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gdp_controller.go GDPSanityChecks, gslb/ingestion/fullsync.go GenerateModels (1.9.1 to 2.1.1).

Bad:
    configs: {memberClusters: [{clusterContext: a-admin@a}]}
    globalDeploymentPolicy: {trafficSplit: [{cluster: a-admin@a}, {cluster: b-admin@b}]}

Good:
    configs: {memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]}
    globalDeploymentPolicy: {trafficSplit: [{cluster: a-admin@a}, {cluster: b-admin@b}]}

Fix:
    Add the cluster to `configs.memberClusters`, or remove it from `trafficSplit`. When a cluster leaves the estate, remove it from
    both in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ctx._members import strangers


@rule("CTX104", Severity.ERROR, sources=("AMKO-CTX-04",))
def check(estate: Estate) -> Iterator[Problem]:
    yield from strangers(estate, "trafficSplit")
