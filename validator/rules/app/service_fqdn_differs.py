"""The same Service of type LoadBalancer gets another name in another site.

What it finds:
    A Service of one namespace and name that the policy selects in several member clusters and whose FQDN differs:
    the external-dns annotation, or the name that AKO makes of service, namespace and default domain.

Why it matters:
    AMKO joins members by their FQDN. Two FQDNs make two GSLB services of one member each.
    Source: AKO internal/nodes/avi_model_l4_translator.go getAutoFQDNForService; AMKO gslb/nodes/node_utils.go
    DeriveGSLBServiceName (1.9.1 to 2.1.1).

Bad:
    # site01
    L4Settings: {defaultDomain: avi.example.com, autoFQDN: default}
    # site02
    L4Settings: {defaultDomain: avi.example.com, autoFQDN: flat}

Good:
    # site02
    L4Settings: {defaultDomain: avi.example.com, autoFQDN: default}

Fix:
    Give the Service the same `external-dns.alpha.kubernetes.io/hostname` in every site, use the same default domain
    and `autoFQDN` everywhere, or use the custom global FQDN.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import Candidate, automatic_label
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.rules import rule

STYLE = ("L4Settings", "autoFQDN")


@rule("APP116", Severity.WARNING, sources=("APP-14", "AKO internal/nodes/avi_model_l4_translator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound or selection.policy.custom:
            continue
        first: dict[tuple[str, str, str], Candidate] = {}
        for found in selection.selected:
            if found.rule is not None or len(found.cluster.ako) != 1:
                continue
            one = first.setdefault(found.identity, found)
            mine, other = _name(found), _name(one)
            if mine == other or (found.host == "" == one.host and "<" in mine + other and _style(found) == _style(one)):
                continue
            yield Problem(
                _place(found, one),
                f"Service `{found.manifest.namespace}/{found.manifest.name}` has FQDN `{mine}` in cluster "
                f"`{found.cluster.name}` and `{other}` in `{one.cluster.name}`; AMKO makes two GSLB services of them",
                related=((_place(one, found), f"`{one.cluster.name}`"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )


def _style(found: Candidate) -> object:
    style = found.cluster.ako[0].get(*STYLE)
    return "default" if style is MISSING else style


def _name(found: Candidate) -> str:
    label = automatic_label(found.manifest, _style(found) == "flat", found.cluster.ako[0].version)
    return found.host or found.name or f"{label}.<first sub-domain of the cloud>"


def _place(found: Candidate, other: Candidate) -> Ref:
    if found.host or other.host:
        return found.at
    cluster: Cluster = found.cluster
    for pointer in (STYLE, ("NetworkSettings", "defaultDomain"), ("L4Settings", "defaultDomain")):
        mine, theirs = cluster.ako[0].get(*pointer), other.cluster.ako[0].get(*pointer)
        if mine is not MISSING and mine != theirs:
            return cluster.ako[0].at(*pointer)
    return found.at
