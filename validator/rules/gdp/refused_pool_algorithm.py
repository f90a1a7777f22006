"""A combination of pool algorithm settings that AMKO refuses.

What it finds:
    In `poolAlgorithmSettings`: `hashMask` missing with `GSLB_ALGORITHM_CONSISTENT_HASH` or given with another algorithm,
    `geoFallback` missing with `GSLB_ALGORITHM_GEO` or given without it, the same inside `geoFallback`.

Why it matters:
    The schema allows each key, the chart writes them all, and AMKO refuses the combination, for instance with `hashMask is required
    for ConsistentHash`. A policy that is refused when AMKO starts counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gslb_host_rule.go isGslbPoolAlgorithmValid, isFallbackAlgorithmValid (1.9.1 to 2.1.1).

Bad:
    poolAlgorithmSettings:
      lbAlgorithm: GSLB_ALGORITHM_GEO
      hashMask: 24

Good:
    poolAlgorithmSettings:
      lbAlgorithm: GSLB_ALGORITHM_GEO
      geoFallback: {lbAlgorithm: GSLB_ALGORITHM_CONSISTENT_HASH, hashMask: 24}

Fix:
    ROUND_ROBIN and TOPOLOGY take neither key, CONSISTENT_HASH takes `hashMask` (1 to 31), GEO takes `geoFallback`, which is ROUND_ROBIN
    alone or CONSISTENT_HASH with `hashMask`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.federation.refusals import pool_algorithm
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP107", Severity.ERROR, sources=("GDP-09", "GDP-10", "GDP-11", "GDP-12"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        yield from pool_algorithm(policy)
