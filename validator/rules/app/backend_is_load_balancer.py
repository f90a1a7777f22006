"""An Ingress of AKO points at a Service of type LoadBalancer.

What it finds:
    A backend of an Ingress that AKO serves which is a Service of type LoadBalancer.

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

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._shared import backends


@rule("APP109", Severity.WARNING, sources=("APP-07", "AKO docs/faq.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in backends(estate):
        if found.service is not None and found.service.spec.get("type") == "LoadBalancer":
            yield Problem(
                found.at,
                f"backend `{found.name}` of Ingress `{found.ingress.namespace}/{found.ingress.name}` is a Service of "
                "type LoadBalancer, which AKO does not support behind an Ingress",
                related=((found.service.at("spec", "type"), f"Service `{found.name}`"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
