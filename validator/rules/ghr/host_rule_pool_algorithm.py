"""A GSLBHostRule with a combination of pool algorithm settings that AMKO refuses.

What it finds:
    In `poolAlgorithmSettings` of a GSLBHostRule: `lbAlgorithm` missing, `hashMask` missing with CONSISTENT_HASH or given with another
    algorithm, `geoFallback` missing with GEO or given without it, the same inside `geoFallback`.

Why it matters:
    AMKO rejects the rule, and takes back what an earlier, accepted version of it had set.
    The schema allows each key alone.
    Source: AMKO gslb/ingestion/gslb_host_rule.go isGslbPoolAlgorithmValid, isFallbackAlgorithmValid (1.9.1 to 2.1.1).

Bad:
    spec:
      fqdn: shop.avi.example.com
      poolAlgorithmSettings: {lbAlgorithm: GSLB_ALGORITHM_CONSISTENT_HASH}

Good:
    spec:
      fqdn: shop.avi.example.com
      poolAlgorithmSettings: {lbAlgorithm: GSLB_ALGORITHM_CONSISTENT_HASH, hashMask: 24}

Fix:
    ROUND_ROBIN and TOPOLOGY take neither key, CONSISTENT_HASH takes `hashMask` (1 to 31), GEO takes `geoFallback`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import host_rules
from validator.federation.refusals import pool_algorithm
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GHR112", Severity.ERROR, sources=("GHR-11", "GDP-09", "GDP-10", "GDP-11", "GDP-12"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in host_rules(estate):
        yield from pool_algorithm(policy)
