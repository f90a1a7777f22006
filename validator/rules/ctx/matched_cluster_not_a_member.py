"""A policy for a cluster that is no member.

What it finds:
    A cluster in `matchClusters` of the policy that does not stand in `configs.memberClusters`.

Why it matters:
    AMKO refuses the whole policy: `cluster context X not present in GSLBConfig`. While it runs it keeps the old policy, so the
    commit looks harmless; at its next start the policy counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gdp_controller.go GDPSanityChecks, gslb/ingestion/fullsync.go GenerateModels (1.9.1 to 2.1.1).

Bad:
    configs: {memberClusters: [{clusterContext: a-admin@a}]}
    globalDeploymentPolicy: {matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]}

Good:
    configs: {memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]}
    globalDeploymentPolicy: {matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]}

Fix:
    Add the cluster to `configs.memberClusters`, or remove it from `matchClusters`. When a cluster leaves the estate, remove it from
    both in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ctx._members import strangers


@rule("CTX103", Severity.ERROR, sources=("AMKO-CTX-03",))
def check(estate: Estate) -> Iterator[Problem]:
    yield from strangers(estate, "matchClusters")
