"""Words and limits of AMKO's policies, the same from 1.9.1 to 2.2.1 unless said otherwise.

Source: helm/amko/crds (GlobalDeploymentPolicy v1alpha2, GSLBHostRule v1alpha1, GSLBConfig v1alpha1);
gslb/ingestion/gdp_controller.go GDPSanityChecks; gslb/gslbutils.
"""

from __future__ import annotations

from typing import Final

from validator.facts.release import Range

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

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARN", "ERROR")

WEIGHT: Final = (1, 20)
PRIORITY: Final = (0, 100)
"""In the policy's `trafficSplit`; GSLBHostRule has no maximum. The highest priority wins, 0 takes no part."""
TTL: Final = (1, 86400)
"""Seconds; the CRD takes 0, which the chart leaves out."""
HASH_MASK: Final = (1, 31)

DEFAULT_WEIGHT: Final = 1
"""Of a cluster that `trafficSplit` does not name; one named without weight has 0 before 1.10.1 and is rejected."""
DEFAULT_PRIORITY: Final = 10
"""Of a cluster that `trafficSplit` does not name, and of one named in the policy without priority."""
DEFAULT_RULE_PRIORITY: Final = 1
"""Of a cluster that a GSLBHostRule names without priority: less than that of the clusters it does not name."""

DEFAULT_REFRESH_SECONDS: Final = 600
"""Used for a `refreshInterval` of 0 or less."""

SITE_COOKIE_NEEDS_PKI: Final = Range("22.1.3", "99")
"""Avi versions on which site persistence needs a PKI profile; AMKO can name one from 1.12.1 on (CHANGELOG 1.9.1)."""
