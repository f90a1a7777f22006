"""external-dns writes records of its own below a delegated domain.

What it finds:
    A Deployment of external-dns, or a HelmRelease or Application of its chart, that reads Ingresses and writes into a zone
    above a declared GSLB domain without excluding that domain, in a cluster with an Ingress below it. One that filters by
    label, annotation, class, namespace, zone or regular expression, or has settings elsewhere, is not judged.

Why it matters:
    external-dns takes every host of an Ingress for its own and writes the address of this site's VIP into the parent zone.
    Below the cut no server gives that record out; a provider whose zone is flat (or a split-horizon copy of it) does, and
    clients then know one site only: after its loss nothing moves over.
    Source: kubernetes-sigs/external-dns docs/flags.md, `--exclude-domains`; docs/sources/ingress.md.

Bad:
    args: [--source=ingress, --provider=aws, --domain-filter=example.com]

Good:
    args: [--source=ingress, --provider=aws, --domain-filter=example.com, --exclude-domains=.gslb.example.com]

Fix:
    Exclude every GSLB domain, `--exclude-domains` or `excludeDomains` of the chart, with a dot before it: without the dot
    external-dns also drops the NS record of the domain itself, where the same instance makes the delegation.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.dns._external_dns import INSTALLERS, Instance, instances
from validator.rules.dns._records import plain, wanted


@rule("DNS113", Severity.WARNING, sources=("DNS-04", "external-dns docs/flags.md"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = wanted(estate)
    if declared is None:
        return
    for cluster in estate.holders(*INSTALLERS):
        for instance in instances(cluster):
            for domain in declared.cuts:
                if _writes(instance, domain) and _has_host(cluster, domain):
                    text = f"external-dns reads Ingresses and is not kept out of `{domain}`: it writes this site's address for global names"
                    note = ((declared.domains[domain], "delegated to the DNS virtual services"),)
                    yield Problem(instance.at, text, note, site=cluster.site, cluster=cluster.name)


def _writes(instance: Instance, domain: str) -> bool:
    """Return whether names below a domain surely pass the filters; without a filter nobody knows the provider's zones."""
    if "ingress" not in instance.sources or any(_covers(one, domain) for one in instance.excluded):
        return False
    return any(_covers(one, domain) for one in instance.included)


def _covers(pattern: str, domain: str) -> bool:
    """Return whether a filter takes every name below a domain."""
    return bool(pattern) and f".{domain}".endswith(f".{pattern.lstrip('.')}")


def _has_host(cluster: Cluster, domain: str) -> bool:
    return any(
        plain(host).endswith(f".{domain}")
        for ingress in cluster.of("Ingress", "networking.k8s.io")
        for rule in ingress.spec.get("rules") or []
        if isinstance(rule, dict) and isinstance(host := rule.get("host"), str)
    )
