"""AMKO's configuration differs between the clusters of a federation.

What it finds:
    A key under `configs` that one cluster sets otherwise than the others: member clusters, refresh interval, log level, global
    names. Order, empty values and defaults of the chart make no difference. Controller, its version, tenant and UUID have
    their own rules. In a draw, the cluster that differs from the leader is at fault.

Why it matters:
    The leader's federator writes its own GSLBConfig over that of every follower, and GitOps writes the follower's back: the
    two take turns. When a follower takes over, its stale copy becomes the configuration of the whole federation.
    Source: AMKO federator/controllers/utils.go UpdateObjOnMemberCluster, FederateGCObjectOnMemberClusters (1.9.1 to 2.1.1).

Bad:
    # site01
    configs: {refreshInterval: 1800}
    ---
    # site02
    configs: {refreshInterval: 600}

Good:
    # site01
    configs: {refreshInterval: 1800}
    ---
    # site02
    configs: {refreshInterval: 1800}

Fix:
    Give `configs` the same content in every cluster that runs AMKO, best from one shared base.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.amk._differences import found

OWN_RULES = frozenset({"gslbLeaderController", "controllerVersion", "tenant", "amkoUUID"})


@rule("AMK111", Severity.ERROR, sources=("AMKO-FED-07",))
def check(estate: Estate) -> Iterator[Problem]:
    yield from found(estate, "configs", OWN_RULES)
