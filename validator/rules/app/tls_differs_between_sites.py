"""A GSLB host is served with TLS in one site and without in another.

What it finds:
    A host that the policy selects in several member clusters, with TLS (by `spec.tls`, by a HostRule's certificate,
    or by `ako.vmware.com/enable-tls`) in some of them only.

Why it matters:
    DNS sends a client to either site. In the one without TLS an https client meets AKO's default certificate, or
    nothing; a plain http client is redirected in one site only. AMKO monitors all members by HTTPS as soon as one
    has TLS, so that the other site may be taken out.
    Source: AMKO gslb/nodes/avi_model_nodes.go buildHmPathList (1.9.1 to 2.1.1).

Bad:
    # site01
    spec: {tls: [{hosts: [shop.avi.example.com], secretName: shop-tls}]}
    # site02
    spec: {rules: [{host: shop.avi.example.com}]}

Good:
    # site02
    spec: {tls: [{hosts: [shop.avi.example.com], secretName: shop-tls}]}

Fix:
    Serve the host alike in every site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import PASSTHROUGH
from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._hosts import tls_hosts

ENABLED = "ako.vmware.com/enable-tls"
CERTIFICATE = ("spec", "virtualhost", "tls", "sslKeyCertificate", "name")


@rule("APP130", Severity.WARNING, sources=("APP-01", "AMKO gslb/nodes/avi_model_nodes.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        for name, group in selection.names.items() if selection.policy.sound else ():
            hosts = [found for found in group if found.rule is not None]
            if len({found.cluster for found in hosts}) < 2:
                continue
            secure = {found.cluster: found for found in hosts if _secure(found)}
            bare = [found for found in hosts if found.cluster not in secure]
            if secure and bare:
                one, other = bare[0], next(iter(secure.values()))
                yield Problem(
                    one.at,
                    f"host `{name}` has no TLS in cluster `{one.cluster.name}`, it has in `{other.cluster.name}`; "
                    "GSLB sends clients to either",
                    related=((other.at, f"`{other.cluster.name}` serves it with TLS"),),
                    site=one.cluster.site,
                    cluster=one.cluster.name,
                )


def _secure(found: Candidate) -> bool:
    ingress = found.manifest
    if any(host == found.host for host, _ in tls_hosts(ingress)) or ENABLED in ingress.annotations:
        return True
    passed = ingress.annotations.get(PASSTHROUGH)
    rules = found.cluster.workloads.hostrules
    certified = any(r.get("spec", "virtualhost", "fqdn") == found.host and r.get(*CERTIFICATE) for r in rules)
    return certified or (isinstance(passed, str) and passed.lower() == "true")
