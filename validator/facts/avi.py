"""What AKO does differently from one type of Avi cloud to another, and limits of Avi's names.

Source: AKO internal/cache/controller_obj_cache.go checkAndSetCloudType, internal/lib/lib.go GetVipNetworkListEnv,
IsValidV6Config, CheckObjectNameLength, 1.9.1 to 2.2.1. The names of the types are those of the estate file.
"""

from __future__ import annotations

from typing import Final

CLOUD_TYPES: Final = ("vcenter", "nsxt-overlay", "nsxt-vlan", "none", "aws", "azure", "gcp", "openstack")

MANY_VIP_NETWORKS: Final = frozenset({"aws"})
"""Clouds on which `vipNetworkList` may have more than one entry."""
NODE_NETWORKS: Final = frozenset({"vcenter", "nsxt-vlan"})
"""Clouds on which `nodeNetworkList` places pools."""
TIER1_ROUTER: Final = frozenset({"nsxt-overlay"})
"""Clouds that need `nsxtT1LR`; on every other one it must be empty."""
VRF: Final = frozenset({"vcenter", "none"})
"""Clouds on which `vrfName` acts."""
PUBLIC: Final = frozenset({"aws", "azure", "gcp"})
"""Clouds that work without an IPAM profile."""

MAX_NAME: Final = 255
"""Characters of the name of an Avi object; AKO only warns."""


PROVIDERS: Final = ("22.1.1", "22.1.2", "22.1.3", "22.1.4", "22.1.5", "22.1.6", "30.1.1", "30.1.2", "30.2.1", "30.2.2")
"""Releases of the Terraform provider `vmware/avi`, oldest first (tags and release branches of
vmware/terraform-provider-avi). A release sends the defaults of every field that it knows, so that one which is newer than
the controller is refused: `fileobject_max_file_versions` of `avi_gslb` came with 30.2.1."""
COLLECTION: Final = "30.2.1"
"""Release of the Ansible collection `vmware.alb` (galaxy.yml). Its modules send what they are given and nothing else, so
that the newest one serves older controllers too."""


def provider(controllers: list[str]) -> str:
    """Return the newest release of the Terraform provider that no controller is older than, the oldest where all are."""
    oldest = min(controllers, key=_numbers)
    fitting = [text for text in PROVIDERS if _numbers(text) <= _numbers(oldest)]
    return fitting[-1] if fitting else PROVIDERS[0]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3])
