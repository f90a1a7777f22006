"""Names that AKO, AMKO, their charts and TKG fix: nobody may choose them.

Sources: helm/ako/templates and helm/amko/templates of every release from 1.9.1 to 2.2.1; AKO internal/status,
internal/lib; AMKO gslb/gslbutils, federator/controllers; tanzu-framework packages/ako-operator-v2.
"""

from __future__ import annotations

from typing import Final

NAMESPACE: Final = "avi-system"
"""AMKO works in no other namespace (federator/controllers/utils.go VerifyAMKOClusterSanity); AKO is put there too."""

# What the AKO chart makes; all of it in the release's namespace where it has one.
AKO_STATEFULSET: Final = "ako"
AKO_CONFIG: Final = "avi-k8s-config"
AKO_SECRET: Final = "avi-secret"  # noqa: S105 - the name of a Secret
INGRESS_CLASS: Final = "avi-lb"

# What the AMKO chart makes.
AMKO_STATEFULSET: Final = "amko"
AMKO_CLUSTER: Final = "amkocluster-federation"
GSLB_CONFIG: Final = "gc-1"
POLICY: Final = "global-gdp"
AMKO_SECRET: Final = "gslb-avi-secret"  # noqa: S105 - the name of a Secret

# What AMKO needs and no chart makes: the kubeconfig with a context for every member.
MEMBERS_SECRET: Final = "gslb-config-secret"  # noqa: S105 - the name of a Secret
MEMBERS_KEY: Final = "gslb-members"
MEMBERS_VARIABLE: Final = "GSLB_CONFIG"
"""The environment variable of AMKO that takes it (helm/amko/templates/statefulset.yaml)."""
MAX_VARIABLE: Final = 32 * 4096
"""Bytes of an environment variable at most: its name, `=`, its value and the byte that ends them.

Source: Linux execve(2), MAX_ARG_STRLEN."""
MEMBER_ACCOUNT: Final = "amko-member"
"""Ours, not AMKO's: the ServiceAccount by which AMKO looks into a member."""

AMKO_GROUP: Final = "amko.vmware.com"

# Annotations.
AMKO_UUID: Final = "amko.vmware.com/amko-uuid"
TENANT: Final = "ako.vmware.com/tenant-name"
EXTERNAL_DNS: Final = "external-dns.alpha.kubernetes.io/hostname"


PRIVATE_DOMAINS: Final = (
    "home.arpa",
    "corp",
    "home",
    "homelab",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "private",
    "test",
)
"""Roots of private zones, which the public root denies: special-use names (RFC 6761, RFC 8375), those of RFC 6762
appendix G, `.internal` (ICANN 2024), and `homelab` and `localdomain`, which are none but are used as such."""
_BOTH = "ClusterRole ClusterRoleBinding Secret ServiceAccount StatefulSet PodSecurityPolicy CustomResourceDefinition"
MADE_BY_CHARTS = {
    "ako": frozenset(
        f"{_BOTH} ConfigMap IngressClass GatewayClass Deployment Role RoleBinding Service PersistentVolumeClaim".split()
    ),
    "amko": frozenset(f"{_BOTH} AMKOCluster GSLBConfig GlobalDeploymentPolicy".split()),
}
"""Kinds of the objects in the charts, sub-charts and CRDs included. Source: AKO helm/ako/templates, helm/ako-crd-operator;
AMKO helm/amko/templates (1.9.1 to 2.1.1)."""
