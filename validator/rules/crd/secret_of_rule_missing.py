"""A HostRule or SSORule names a Secret that its cluster does not have.

What it finds:
    A certificate of `type: secret` of a HostRule, or a client or server secret of an SSORule, which nothing in the
    repository makes in the rule's namespace, while the same rule finds its Secret in another cluster, or the Secret
    is made in another namespace; a Secret that is made without the key that AKO reads (`clientSecret`,
    `serverSecret`).

Why it matters:
    AKO looks in the rule's own namespace only and rejects the rule; the host loses its certificate or its login.
    Source: AKO internal/k8s/validator.go validateSecretReferenceInHostrule, ValidateSSORuleObj (1.9.2 to 2.1.1).

Bad:
    # namespace certs holds the Secret shop-tls
    metadata: {name: shop, namespace: shop}
    spec: {virtualhost: {tls: {sslKeyCertificate: {name: shop-tls, type: secret}}}}

Good:
    # namespace shop holds the Secret shop-tls
    metadata: {name: shop, namespace: shop}
    spec: {virtualhost: {tls: {sslKeyCertificate: {name: shop-tls, type: secret}}}}

Fix:
    Make the Secret in the rule's namespace, in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.crd._objects import HOST, items, objects, title
from validator.secrets.objects import secrets

CERTIFICATE = (*HOST, "tls", "sslKeyCertificate")
OAUTH = ("spec", "oauthVsConfig", "oauthSettings")


@rule("CRD107", Severity.WARNING, sources=("HR-07", "HR-12", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    held: dict[tuple[str, str, str, str], Cluster] = {}
    missing: list[tuple[Cluster, Manifest, Pointer, str]] = []
    for cluster, item in objects(estate, "HostRule", "SSORule"):
        for pointer, name, key in _names(item):
            if (item.namespace, name) not in cluster.workloads.secrets:
                missing.append((cluster, item, pointer, name))
                continue
            held.setdefault((item.kind, item.namespace, item.name, str(pointer)), cluster)
            for secret in secrets(cluster) if key else ():
                same = (secret.namespace, secret.name) == (item.namespace, name)
                if same and key not in secret.keys and not secret.more:
                    yield Problem(
                        item.at(*pointer),
                        f"Secret `{name}` of {title(item)} has no key `{key}`; AKO rejects the rule",
                        related=((secret.name_at(), f"Secret `{name}`"),),
                    )
    for cluster, item, pointer, name in missing:
        sibling = held.get((item.kind, item.namespace, item.name, str(pointer)))
        elsewhere = next((namespace for namespace, other in cluster.workloads.secrets if other == name), None)
        if sibling is None and elsewhere is None:
            continue
        text = f"as it is in cluster `{sibling.name}`" if sibling else f"it is in namespace `{elsewhere}`"
        yield Problem(
            item.at(*pointer),
            f"Secret `{name}` of {title(item)} is not made in its namespace in cluster `{cluster.name}`, {text}; AKO "
            "rejects the rule",
            site=cluster.site,
            cluster=cluster.name,
        )


def _names(item: Manifest) -> Iterator[tuple[Pointer, str, str]]:
    places: list[tuple[Pointer, str]] = []
    if item.kind == "HostRule":
        for place in (CERTIFICATE, (*CERTIFICATE, "alternateCertificate")):
            if item.get(*place, "type") == "secret":
                places.append(((*place, "name"), ""))
    for index, _ in items(item.value, *OAUTH) if item.kind == "SSORule" else ():
        places.append(((*OAUTH, index, "appSettings", "clientSecret"), "clientSecret"))
        places.append(((*OAUTH, index, "resourceServer", "opaqueTokenParams", "serverSecret"), "serverSecret"))
    for pointer, key in places:
        name = item.get(*pointer)
        if isinstance(name, str) and name and "$" not in name:
            yield pointer, name, key
