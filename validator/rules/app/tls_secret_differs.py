"""One TLS host has different Secrets in different namespaces of a cluster.

What it finds:
    A host under `spec.tls` of two Ingresses in different namespaces of one cluster, both served by AKO.

Why it matters:
    AKO makes one virtual service for a TLS host. A Secret belongs to a namespace, so two namespaces mean two
    certificates for it; the documentation calls the behaviour indeterminate and does not support it.
    Source: AKO docs/faq.md (1.9.2 to 2.1.1).

Bad:
    # Ingress red/shop and Ingress blue/shop
    spec: {tls: [{hosts: [shop.avi.example.com], secretName: shop-tls}]}

Good:
    # Ingress blue/shop, another host
    spec: {tls: [{hosts: [blue.avi.example.com], secretName: blue-tls}]}

Fix:
    Keep a TLS host in one namespace, or give the host its certificate by a HostRule.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._hosts import tls_hosts


@rule("APP113", Severity.WARNING, sources=("APP-11", "AKO docs/faq.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.members:
        seen: dict[str, tuple[str, Ref]] = {}
        for ingress in cluster.workloads.ingresses:
            for host, pointer in tls_hosts(ingress) if served(cluster, ingress) else ():
                namespace, at = seen.setdefault(host, (ingress.namespace, ingress.at(*pointer)))
                if namespace != ingress.namespace:
                    yield Problem(
                        ingress.at(*pointer),
                        f"TLS host `{host}` of Ingress `{ingress.namespace}/{ingress.name}` has a Secret in "
                        f"namespace `{namespace}` too; AKO takes one certificate for a host",
                        related=((at, f"the host in namespace `{namespace}`"),),
                        site=cluster.site,
                        cluster=cluster.name,
                    )
