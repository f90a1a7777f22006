"""The GSLB policy differs between the clusters of a federation.

What it finds:
    A key under `globalDeploymentPolicy` (or of the GlobalDeploymentPolicy object) that one cluster sets otherwise than the
    others. Order and empty values make no difference. In a draw, the cluster that differs from the leader is at fault.

Why it matters:
    The leader's federator writes its own policy over that of every follower, and GitOps writes the follower's back: the two
    take turns. When a follower takes over, its stale copy decides which applications are global and where traffic goes.
    Source: AMKO federator/controllers/utils.go UpdateObjOnMemberCluster, FederateGDPObjectOnMemberClusters (1.9.1 to
    2.1.1).

Bad:
    # site01
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}, ttl: 10}
    ---
    # site02
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}, ttl: 30}

Good:
    # site01
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}, ttl: 10}
    ---
    # site02
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}, ttl: 10}

Fix:
    Give the policy the same content in every cluster that runs AMKO, best from one shared base.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.amk._differences import found


@rule("AMK112", Severity.ERROR, sources=("AMKO-FED-07",))
def check(estate: Estate) -> Iterator[Problem]:
    yield from found(estate, "globalDeploymentPolicy", frozenset())
