"""The same Ingress has another global FQDN in another site.

What it finds:
    With `configs.useCustomGlobalFqdn: true`: an Ingress of one namespace and name, selected in several member
    clusters, whose HostRules name different `gslb.fqdn`.

Why it matters:
    AMKO joins members by the global FQDN. Two of them make two GSLB services of one member each; neither fails
    over.
    Source: AMKO gslb/nodes/node_utils.go DeriveGSLBServiceName (1.9.1 to 2.1.1).

Bad:
    # HostRule of site01
    spec: {virtualhost: {fqdn: shop.site01.example.com, gslb: {fqdn: shop.avi.example.com}}}
    # HostRule of site02
    spec: {virtualhost: {fqdn: shop.site02.example.com, gslb: {fqdn: shopp.avi.example.com}}}

Good:
    # HostRule of site02
    spec: {virtualhost: {fqdn: shop.site02.example.com, gslb: {fqdn: shop.avi.example.com}}}

Fix:
    Write the same `gslb.fqdn` in every site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._hosts import below, declared_hosts, domains

GLOBAL = ("spec", "virtualhost", "gslb", "fqdn")


@rule("APP125", Severity.ERROR, sources=("APP-23", "AMKO gslb/nodes/node_utils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared, known = declared_hosts(estate), domains(estate)
    for selection in estate.selections:
        if not selection.policy.sound or not selection.policy.custom:
            continue
        groups: dict[tuple[str, str, str], list[Candidate]] = {}
        for found in selection.selected:
            if found.name and "$" not in found.name and found.rule is not None:
                groups.setdefault(found.identity, []).append(found)
        for identity, group in groups.items():
            count = Counter(found.name for found in group)
            if len({found.cluster for found in group}) < 2 or len(count) == 1:
                continue
            usual = next((name for name in count if name in declared), None) or count.most_common(1)[0][0]
            one = next(found for found in group if found.name == usual)
            fine = {found.cluster for found in group if found.name == usual}
            for found in group:
                outside = known and not any(below(found.name or "", domain) for domain in known)
                if found.cluster in fine or found.name in declared or outside:
                    continue
                yield Problem(
                    _place(found),
                    f"global FQDN `{found.name}` of Ingress `{identity[1]}/{identity[2]}` differs from `{usual}` in "
                    f"cluster `{one.cluster.name}`; AMKO joins members by equal global FQDNs only",
                    related=((_place(one), f"`{one.cluster.name}` has `{usual}`"),),
                    site=found.cluster.site,
                    cluster=found.cluster.name,
                )


def _place(found: Candidate) -> Ref:
    return found.cluster.workloads.global_names[found.host][1].at(*GLOBAL)
