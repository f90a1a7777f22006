"""A host of GSLB is not below any delegated sub-domain.

What it finds:
    A host that the policy selects (with the custom global FQDN: the `gslb.fqdn` of its HostRule; for a Service its
    external-dns host) which is not strictly below one of `gslb.domains` of the estate file, without one below those
    of `dns_configs` in `avi/gslb.json`. Labels count, not letters: `shop.myavi.example.com` is not below
    `avi.example.com`.

Why it matters:
    The DNS virtual services of GSLB answer for the delegated sub-domains only. AMKO's GSLB service for another name
    is refused by the controller, and AKO drops hosts outside its cloud's DNS sub-domains: nothing is created, the
    Ingress keeps an empty status. AKO compares letters, so that a near miss may even get a virtual service that no
    DNS knows.
    Source: AKO internal/nodes/validator.go IsValidHostName (1.9.2 to 2.1.1); AMKO docs/troubleshooting.md.

Bad:
    # gslb: {domains: [avi.example.com]}
    spec: {rules: [{host: shop.myavi.example.com}]}

Good:
    spec: {rules: [{host: shop.avi.example.com}]}

Fix:
    Use a host below a delegated sub-domain, or delegate the sub-domain and add it to `gslb.domains`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._hosts import below, domains, listed

GLOBAL = ("spec", "virtualhost", "gslb", "fqdn")


@rule("APP104", Severity.ERROR, sources=("APP-05", "APP-23", "DNS-04", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    known, said = _delegated(estate)
    if not known or said is None:
        return
    told: set[tuple[str, int]] = set()
    for selection in estate.selections:
        if not selection.policy.sound:
            continue
        for found in selection.selected:
            host = found.name
            if not host or "$" in host or any(below(host, domain) for domain in known):
                continue
            at = _place(found, selection.policy.custom)
            if (host, id(at.document)) in told:
                continue
            told.add((host, id(at.document)))
            yield Problem(
                at,
                f"host `{host}` is not below a delegated sub-domain, which {'is' if len(known) == 1 else 'are'} "
                f"{listed(known)}{_near(host, known)}",
                related=((said, "the delegated sub-domains"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )


def _delegated(estate: Estate) -> tuple[list[str], Ref | None]:
    if estate.declared is not None:
        return domains(estate), estate.declared.at("gslb", "domains")
    data = [found for found in estate.gslb if found.is_data]
    if len(data) != 1:
        return [], None
    return [domain for domain, _ in data[0].domains if domain.strip(".")], data[0].gslb.at("dns_configs")


def _place(found: Candidate, custom: bool) -> Ref:
    if custom and (entry := found.cluster.workloads.global_names.get(found.host)):
        return entry[1].at(*GLOBAL)
    return found.at


def _near(host: str, known: list[str]) -> str:
    text = host.lower().rstrip(".")
    for domain in known:
        if text == domain.strip("."):
            return "; the domain itself is not below itself"
        if text.endswith(domain.strip(".")):
            return f"; it ends with the letters of `{domain}` but in the middle of a label"
    return ""
