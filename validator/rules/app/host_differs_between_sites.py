"""The same Ingress has another host in another site.

What it finds:
    An Ingress of one namespace and name that the policy selects in several member clusters, whose hosts have
    nothing in common with those of its siblings.

Why it matters:
    AMKO joins members by the host alone. Two spellings make two GSLB services of one member each: both answer,
    neither fails over, and the clients of one name never reach the other site.
    Source: AMKO gslb/nodes/dq_ingestion.go DeriveGSLBServiceName (1.9.1 to 2.1.1).

Bad:
    # site01
    spec: {rules: [{host: shop.avi.example.com}]}
    # site02
    spec: {rules: [{host: shopp.avi.example.com}]}

Good:
    # site02
    spec: {rules: [{host: shop.avi.example.com}]}

Fix:
    Write the same host in every site. Where each site is to have a name of its own, let AMKO use the custom global
    FQDN (`configs.useCustomGlobalFqdn: true`) with a HostRule for each, or take the selector's label off the
    Ingress.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from validator.federation.selection import Candidate, Selection
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.app._hosts import below, declared_hosts, domains, local_to


@rule("APP102", Severity.ERROR, sources=("APP-01", "tkg-avi APP-05", "AMKO gslb/nodes/dq_ingestion.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared, known = declared_hosts(estate), domains(estate)
    for selection in estate.selections:
        if not selection.policy.sound or selection.policy.custom:
            continue
        for group in _siblings(selection):
            count = Counter(found.host for hosts in group.values() for found in hosts)
            common = max(count.values())
            usual = next((h for h in count if h in declared), None) or next(h for h in count if count[h] == common)
            reference = next(found for hosts in group.values() for found in hosts if found.host == usual)
            for cluster, hosts in group.items():
                odd = [found for found in hosts if found.host not in declared and not local_to(found.host, cluster)]
                if any(found.host == usual for found in hosts) or len(odd) < len(hosts):
                    continue
                if known and not any(below(odd[0].host, domain) for domain in known):
                    continue  # host-outside-domain speaks
                _, namespace, name = odd[0].identity
                yield Problem(
                    odd[0].at,
                    f"host `{odd[0].host}` of Ingress `{namespace}/{name}` differs from "
                    f"`{usual}` in cluster `{reference.cluster.name}`; AMKO joins members by equal hosts only",
                    related=((reference.at, f"`{reference.cluster.name}` has `{usual}`"),),
                    cluster=cluster.name,
                    site=cluster.site,
                )


def _siblings(selection: Selection) -> Iterator[dict[Cluster, list[Candidate]]]:
    """Yield the selected hosts of Ingresses of one name, by cluster, where more than one cluster has the Ingress."""
    found: dict[tuple[str, str, str], dict[Cluster, list[Candidate]]] = {}
    for candidate in selection.selected:
        if candidate.rule is not None and candidate.host and "$" not in candidate.host:
            found.setdefault(candidate.identity, {}).setdefault(candidate.cluster, []).append(candidate)
    yield from (group for group in found.values() if len(group) > 1)
