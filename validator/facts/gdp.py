"""Words and limits of AMKO's policies, the same from 1.9.1 to 2.2.1 unless said otherwise.

Source: helm/amko/crds (GlobalDeploymentPolicy v1alpha2, GSLBHostRule v1alpha1, GSLBConfig v1alpha1);
gslb/ingestion/gdp_controller.go GDPSanityChecks; gslb/gslbutils.
"""

from __future__ import annotations

from typing import Final

ROUND_ROBIN: Final = "GSLB_ALGORITHM_ROUND_ROBIN"
CONSISTENT_HASH: Final = "GSLB_ALGORITHM_CONSISTENT_HASH"
GEO: Final = "GSLB_ALGORITHM_GEO"
TOPOLOGY: Final = "GSLB_ALGORITHM_TOPOLOGY"
ALGORITHMS: Final = (ROUND_ROBIN, CONSISTENT_HASH, GEO, TOPOLOGY)
FALLBACK_ALGORITHMS: Final = (ROUND_ROBIN, CONSISTENT_HASH)

FALLBACK_IP: Final = "GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP"
DOWN_RESPONSES: Final = (
    "GSLB_SERVICE_DOWN_RESPONSE_NONE",
    "GSLB_SERVICE_DOWN_RESPONSE_ALL_RECORDS",
    FALLBACK_IP,
    "GSLB_SERVICE_DOWN_RESPONSE_EMPTY",
)


DEFAULT_WEIGHT: Final = 1
"""Of a cluster that `trafficSplit` does not name; one named without weight has 0 before 1.10.1 and is rejected."""
DEFAULT_PRIORITY: Final = 10
"""Of a cluster that `trafficSplit` does not name, and of one named in the policy without priority."""
DEFAULT_RULE_PRIORITY: Final = 1
"""Of a cluster that a GSLBHostRule names without priority: less than that of the clusters it does not name."""
