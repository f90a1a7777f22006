"""A pull secret is given to the default ServiceAccount, which no pod of the application uses.

What it finds:
    `imagePullSecrets` on ServiceAccount `default` of a namespace into which Flux or Argo CD applies Online Boutique
    v0.10.0 or newer, without a patch that gives them to the other ServiceAccounts.

Why it matters:
    Since v0.10.0 each Deployment has a ServiceAccount of its own. The pull secret on `default` has no effect but
    for redis-cart, and the site that meets the registry's pull limit first starts without its frontend.
    Source: GoogleCloudPlatform/microservices-demo kustomize/base, v0.10.0.

Bad:
    kind: ServiceAccount
    metadata: {name: default, namespace: onlineshop}
    imagePullSecrets: [{name: regcred}]

Good:
    kind: Kustomization
    spec:
      patches:
      - target: {kind: ServiceAccount}
        patch: "[{op: add, path: /imagePullSecrets, value: [{name: regcred}]}]"

Fix:
    Patch every ServiceAccount of the application.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import table, version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._sources import sources


@rule("APP127", Severity.WARNING, sources=("tkg-avi APP-01", "microservices-demo kustomize/base@v0.10.0"))
def check(estate: Estate) -> Iterator[Problem]:
    facts = table("boutique")
    for cluster in estate.holders("ServiceAccount"):
        accounts = [item for item in cluster.of("ServiceAccount", "") if item.name == "default"]
        accounts = [item for item in accounts if item.value.get("imagePullSecrets")]
        if not accounts:
            continue
        namespaces = {item.namespace for item in accounts}
        for found in sources(estate, cluster):
            if found.namespace not in namespaces:
                continue
            revision = found.revision if isinstance(found.revision, str) else None
            new = version.compare(revision, facts["ownServiceAccounts"]["from"]) if revision else None
            if facts["repository"] not in found.url or new is None or new < 0:
                continue
            if "imagePullSecrets" in str(found.sync.spec):
                continue
            for item in accounts:
                if item.namespace == found.namespace:
                    yield Problem(
                        item.at("imagePullSecrets", key=True),
                        f"Online Boutique {revision} gives each Deployment a ServiceAccount of its own; the pull "
                        f"secret on `default` of namespace `{item.namespace}` reaches none of them",
                        related=((found.revision_at, f"{found.sync.kind} `{found.sync.name}` applies {revision}"),),
                    )
