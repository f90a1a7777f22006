"""An Ingress of AKO points at a Service of type LoadBalancer.

What it finds:
    A backend of an Ingress that AKO serves which is a Service of type LoadBalancer; `frontend-external` of Online
    Boutique is known as one.

Why it matters:
    AKO makes a layer-4 virtual service with a VIP of its own for such a Service, and a pool of the Ingress for the
    same pods. The documentation calls the result indeterminate; at best each site pays a second VIP that nobody
    asked for.
    Source: AKO docs/faq.md (1.9.2 to 2.1.1).

Bad:
    # Ingress backend: {service: {name: frontend-external, port: {number: 80}}}
    kind: Service
    metadata: {name: frontend-external}
    spec: {type: LoadBalancer}

Good:
    # Ingress backend: {service: {name: frontend, port: {number: 80}}}
    kind: Service
    metadata: {name: frontend}
    spec: {type: ClusterIP}

Fix:
    Point the Ingress at a Service of type ClusterIP (NodePort where AKO runs with serviceType NodePort), and drop
    the LoadBalancer Service if nothing else needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import table
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.app._hosts import Backend, backends
from validator.rules.app._sources import Source, sources


@rule(
    "APP109", Severity.WARNING, sources=("APP-07", "AKO docs/faq.md@2.1.1", "microservices-demo kustomize/base@v0.10.5")
)
def check(estate: Estate) -> Iterator[Problem]:
    brought: dict[Cluster, list[Source]] = {}
    for found in backends(estate):
        title = f"`{found.name}` of Ingress `{found.ingress.namespace}/{found.ingress.name}`"
        if found.service is not None and found.service.spec.get("type") == "LoadBalancer":
            related = ((found.service.at("spec", "type"), f"Service `{found.name}`"),)
            note = "is a Service of type LoadBalancer"
        elif found.service is None and found.name in table("boutique")["balancers"]:
            if found.cluster not in brought:
                brought[found.cluster] = list(sources(estate, found.cluster, whole=True))
            source = next((one for one in brought[found.cluster] if _brings(one, found)), None)
            if source is None:
                continue
            related = ((source.revision_at, f"{source.sync.kind} `{source.sync.name}` brings it"),)
            note = "is a Service of type LoadBalancer in Online Boutique"
        else:
            continue
        yield Problem(
            found.at,
            f"backend {title} {note}, which AKO does not support behind an Ingress",
            related=related,
            site=found.cluster.site,
            cluster=found.cluster.name,
        )


def _brings(source: Source, backend: Backend) -> bool:
    """Return whether a source is Online Boutique with its public frontend, for the namespace of an Ingress."""
    known = table("boutique")["repository"] in source.url and source.namespace in ("", backend.ingress.namespace)
    return known and "non-public-frontend" not in str(source.sync.spec)
