"""A tenant for a namespace before all releases know it.

What it finds:
    The annotation `ako.vmware.com/tenant-name` on a Namespace of a member cluster, while an AKO or an AMKO of the federation is
    older than 1.13.1.

Why it matters:
    AKO before 1.13.1 does not write the tenant onto the Ingress, and AMKO from 1.13.1 on then refuses it, `ingress tenant is
    different from namespace`: the application loses its members. The documentation asks for all releases to be upgraded first.
    Source: AKO internal/status/ing_status.go@1.13.1 (absent in 1.12.3); AMKO README.md@2.1.1, CHANGELOG.md 1.13.1.

Bad:
    # AKO 1.12.3 in site02
    metadata: {name: shop, annotations: {ako.vmware.com/tenant-name: retail}}

Good:
    # AKO and AMKO 1.13.1 or later in all sites
    metadata: {name: shop, annotations: {ako.vmware.com/tenant-name: retail}}

Fix:
    Upgrade every AKO and AMKO of the federation to 1.13.1 or later, then annotate.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko, version
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.rules import rule
from validator.rules.amk._tenancy import TENANT, member_clusters, member_namespaces

FIRST = "1.13.1"


@rule("AMK307", Severity.ERROR, sources=("AMKO-TEN-03",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        clusters = member_clusters(estate, federation)
        releases = [release for cluster in clusters for release in (*cluster.ako, *cluster.amko)]
        old = next((release for release in releases if _is_old(release)), None)
        if old is None:
            continue
        for name, found in member_namespaces(estate, federation).items():
            for _, manifest in found:
                if isinstance(manifest.annotations.get(TENANT), str):
                    yield Problem(
                        manifest.at("metadata", "annotations", TENANT),
                        f"namespace `{name}` has a tenant, but {old.chart.upper()} of cluster `{old.cluster.name}` is {old.version}; "
                        f"every AKO and AMKO of the federation must be {FIRST} or later first",
                        related=((old.version_at, f"{old.chart.upper()} {old.version}"),),
                    )


def _is_old(release: Release) -> bool:
    if release.version is None:
        return False
    if release.chart == "amko":
        return amko.has(release.version, "tenantAnnotation") is False
    return (version.compare(release.version, FIRST) or 0) < 0
