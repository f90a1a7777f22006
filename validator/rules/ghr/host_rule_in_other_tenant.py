"""A GSLBHostRule in another tenant than its application.

What it finds:
    A GSLBHostRule in a namespace whose tenant on the leader (annotation `ako.vmware.com/tenant-name`, else AMKO's own) is not the
    tenant of the namespace where the Ingress or Service with that name stands.

Why it matters:
    AMKO keeps GSLB services by tenant and name, and looks for that of a GSLBHostRule in the tenant of the rule's namespace on the
    leader. In another tenant it finds none, `no GS for the GS FQDN in host rule`, while the object says Accepted.
    Source: AMKO gslb/ingestion/gslb_host_rule.go (GetTenantInNamespace with the leader's context, 1.13.1 to 2.1.1).

Bad:
    # namespace shop has tenant retail
    kind: GSLBHostRule
    metadata: {name: shop, namespace: avi-system}

Good:
    kind: GSLBHostRule
    metadata: {name: shop, namespace: shop}

Fix:
    Put the GSLBHostRule into the namespace of the application.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.policies import Policy, host_rules
from validator.federation.selection import Selection
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.amk._tenancy import TENANT


@rule("GHR114", Severity.WARNING, sources=("GHR-12", "AMKO-TEN-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        leaders = selection.federation.leaders
        if len(leaders) != 1:
            continue
        leading = leaders[0].cluster
        for policy in host_rules(estate):
            if (
                policy.cluster is leading
                and policy.version is not None
                and amko.has(policy.version, "tenantAnnotation")
            ):
                yield from _elsewhere(leading, selection, policy)


def _elsewhere(leading: Cluster, selection: Selection, policy: Policy) -> Iterator[Problem]:
    assert policy.manifest is not None
    name = policy.get("fqdn")
    mine = _tenant(leading, policy.manifest.namespace)
    for candidate in selection.names.get(name if isinstance(name, str) else "", ())[:1]:
        theirs = _tenant(candidate.cluster, candidate.manifest.namespace)
        if mine != theirs:
            yield Problem(
                policy.manifest.at("metadata", "namespace"),
                f"{policy.title} is in {_said(mine)}, but `{name}` in namespace `{candidate.manifest.namespace}` is in {_said(theirs)}; "
                "AMKO finds no GSLB service for it",
                related=((candidate.at, f"`{name}` in cluster `{candidate.cluster.name}`"),),
            )


def _tenant(cluster: Cluster, namespace: str) -> str | None:
    found = cluster.workloads.namespaces.get(namespace)
    text = found.annotations.get(TENANT) if found is not None else None
    return text if isinstance(text, str) else None


def _said(tenant: str | None) -> str:
    return f"tenant `{tenant}`" if tenant else "AMKO's own tenant"
