"""A namespace belongs to different tenants in different clusters.

What it finds:
    Namespaces of one name in the member clusters of a federation, whose annotation `ako.vmware.com/tenant-name` differs, or that
    have it in some clusters only.

Why it matters:
    AMKO keeps its GSLB services by tenant and name. One application in two tenants becomes two services with one name, and Avi
    refuses the second: `domain name conflicting with existing domain name`. The site that comes second has no members.
    Source: AMKO docs/amko_tenancy.md; gslb/nodes/dq_ingestion.go AddUpdateObjOperation (1.13.1 to 2.1.1).

Bad:
    # site01
    metadata: {name: shop, annotations: {ako.vmware.com/tenant-name: retail}}
    ---
    # site02
    metadata: {name: shop}

Good:
    # site02
    metadata: {name: shop, annotations: {ako.vmware.com/tenant-name: retail}}

Fix:
    Give the namespace the same annotation in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.amk._tenancy import TENANT, member_namespaces


@rule("AMK306", Severity.ERROR, sources=("AMKO-TEN-02",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        for name, found in member_namespaces(estate, federation).items():
            answers = [(cluster, _tenant(manifest)) for cluster, manifest in found]
            if len({tenant for _, tenant in answers}) < 2:
                continue
            where = {id(cluster): manifest for cluster, manifest in found}
            leading = {id(release.cluster) for release in federation.leaders}
            counts = [tenant for _, tenant in answers]
            top = max(counts.count(tenant) for tenant in counts)
            best = [pair for pair in answers if counts.count(pair[1]) == top]
            model, wanted = next((pair for pair in best if id(pair[0]) in leading), best[0])
            for cluster, tenant in answers:
                if tenant != wanted:
                    yield Problem(
                        where[id(cluster)].at("metadata", "annotations", TENANT),
                        f"namespace `{name}` {_said(tenant)} in cluster `{cluster.name}`, and {_said(wanted)} in `{model.name}`; one "
                        "application then makes two GSLB services with one name",
                        related=(
                            (where[id(model)].at("metadata", "annotations", TENANT), f"in cluster `{model.name}`"),
                        ),
                    )


def _tenant(manifest: Manifest) -> str:
    text = manifest.annotations.get(TENANT)
    return text if isinstance(text, str) else ""


def _said(tenant: str) -> str:
    return f"has tenant `{tenant}`" if tenant else "has no tenant"
