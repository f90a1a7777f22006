"""A delegation leaves out one of the GSLB domains.

What it finds:
    The DNSEndpoints taken together, or a file below a folder `dns` (zone file, dynamic update, Windows script, Unbound,
    dnsmasq, CoreDNS), that delegate one declared GSLB domain and not another one. A domain below another delegated one
    needs nothing of its own. Where there are only the addresses of the name servers, or a DNSEndpoint has no endpoints,
    that is told as information.

Why it matters:
    No resolver comes from the parent zone to the DNS virtual services for names of that domain: they do not exist, while
    those of the other domain work, and every Ingress and GSLB service looks well.
    Source: RFC 1034 section 4.2.1.

Bad:
    # estate.yaml: gslb: {domains: [gslb.example.com, edge.example.com]}
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com, g-dns-02.example.com]}

Good:
    endpoints:
      - {dnsName: gslb.example.com, recordType: NS, targets: [g-dns-01.example.com, g-dns-02.example.com]}
      - {dnsName: edge.example.com, recordType: NS, targets: [g-dns-01.example.com, g-dns-02.example.com]}

Fix:
    Delegate every domain of the estate file, or take the domain out of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read.delegation.entry import FORWARD
from validator.rules import rule
from validator.rules.dns._records import GROUP, scopes, wanted


@rule("DNS110", Severity.ERROR, sources=("DNS-03", "RFC 1034 section 4.2.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = wanted(estate)
    if declared is None:
        return
    for manifest in estate.objects("DNSEndpoint"):
        if manifest.group == GROUP and not manifest.spec.get("endpoints"):
            text = f"DNSEndpoint `{manifest.name}` names nothing, so that it delegates no domain of the estate file"
            yield Problem(manifest.at("spec", "endpoints"), text, severity=Severity.INFO)
    for scope in scopes(estate):
        present = [cuts[0] for name in declared.domains if (cuts := scope.cuts(name))]
        hosts = [found[0] for name in declared.hosts if (found := scope.by_name.get(name))]
        if not present and not hosts:
            continue
        severity = Severity.INFO if not present else Severity.WARNING if present[0].type == FORWARD else Severity.ERROR
        for name in declared.cuts:
            if scope.cuts(name) or any(name.endswith(f".{record.name}") for record in present):
                continue
            near = nearest(name, [record.name for record in scope.records if record.type in {"NS", FORWARD}])
            hint = f"; `{near}` is" if near and near not in declared.domains else ""
            what = "led to its name servers" if severity is Severity.WARNING else "delegated"
            text = f"domain `{name}` of the estate file is not {what} here{hint}"
            at = scope.by_name[near][0].name_at if hint and near else (present or hosts)[0].name_at
            yield Problem(at, text, ((declared.domains[name], "declared here"),), severity)
