"""The TLS Secret of an Ingress is not made in its cluster.

What it finds:
    A `secretName` under `spec.tls` of an Ingress served by AKO which nothing in the repository makes in that
    cluster and namespace, while the same Ingress finds its Secret in another cluster, or the Secret is made in
    another namespace.

Why it matters:
    AKO does not sync a TLS host without its certificate; the Ingress keeps an empty status in that site and GSLB
    gets no member from it.
    Source: AKO docs/troubleshooting.md (1.9.2 to 2.1.1).

Bad:
    # namespace shop holds the Secret shop-tls
    spec: {tls: [{hosts: [shop.avi.example.com], secretName: shop-cert}]}

Good:
    spec: {tls: [{hosts: [shop.avi.example.com], secretName: shop-tls}]}

Fix:
    Commit the Secret for that cluster (sealed, encrypted or as an ExternalSecret), or correct the name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.clusters.workloads import rules, served
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest, dig
from validator.rules import rule
from validator.rules.app._hosts import declared_apps

ISSUERS = ("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme")


@rule("APP114", Severity.WARNING, sources=("APP-12", "AKO docs/troubleshooting.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    held = _held(estate)
    declared = {app.get("host"): dig(app, ("tls", "secret")) for _, app in declared_apps(estate)}
    for cluster in estate.members:
        made = cluster.workloads.secrets
        elsewhere = {name: namespace for namespace, name in made}
        for ingress in cluster.workloads.ingresses:
            if not served(cluster, ingress) or any(name in ingress.annotations for name in ISSUERS):
                continue
            for index, name in _names(ingress):
                if (ingress.namespace, name) in made or _declared_otherwise(ingress, name, declared):
                    continue
                other = held.get((ingress.namespace, ingress.name))
                made_there = other is not None and ingress.namespace in other.workloads.namespaces
                if made_there and ingress.namespace not in cluster.workloads.namespaces:
                    continue  # the namespace is not made, which another rule tells
                if other is not None and other is not cluster:
                    text = f"as it is in cluster `{other.name}`"
                elif name in elsewhere:
                    text = f"it is in namespace `{elsewhere[name]}`"
                else:
                    continue
                yield Problem(
                    ingress.at("spec", "tls", index, "secretName"),
                    f"Secret `{name}` of Ingress `{ingress.namespace}/{ingress.name}` is not made in its namespace "
                    f"in cluster `{cluster.name}`, {text}; AKO does not serve the host without it",
                    site=cluster.site,
                    cluster=cluster.name,
                )


def _declared_otherwise(ingress: Manifest, name: str, declared: dict[Any, Any]) -> bool:
    """Return whether the estate file names another Secret, which another rule tells."""
    secrets = {declared.get(one.host) for one in rules(ingress)} - {None}
    return bool(secrets) and name not in secrets


def _names(ingress: Manifest) -> Iterator[tuple[int, str]]:
    blocks = ingress.spec.get("tls")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        name = block.get("secretName") if isinstance(block, dict) else None
        if isinstance(name, str) and name and "$" not in name and "/" not in name:
            yield index, name


def _held(estate: Estate) -> dict[tuple[str, str], Cluster]:
    """Return, for each Ingress, a cluster in which all its Secrets are made."""
    found: dict[tuple[str, str], Cluster] = {}
    for cluster in estate.members:
        for ingress in cluster.workloads.ingresses:
            names = [name for _, name in _names(ingress)]
            if names and all((ingress.namespace, name) in cluster.workloads.secrets for name in names):
                found.setdefault((ingress.namespace, ingress.name), cluster)
    return found
