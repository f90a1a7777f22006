"""An Ingress of AKO has a rule without paths, or a backend that is no Service.

What it finds:
    An Ingress served by AKO with a rule that has no `http` block (a default backend alone), or with a path whose
    backend is a `resource`.

Why it matters:
    One rule without `http` makes AKO drop the whole Ingress: `Found Ingress without service backends. Not going to
    process`. A resource backend is worse: AKO reads the name of a Service that is not there and panics, again after
    each restart, which stops load balancing changes for the whole cluster.
    Source: AKO internal/nodes/validator.go validateSpecFromHostnameCache, internal/nodes/ingress_model_rel.go
    parseServicesForIngress (1.9.2 to 2.1.1).

Bad:
    spec:
      defaultBackend: {service: {name: shop, port: {number: 80}}}
      rules:
      - host: shop.avi.example.com

Good:
    spec:
      rules:
      - host: shop.avi.example.com
        http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}

Fix:
    Write a path with a Service backend under each host.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.workloads import rules, served


@rule(
    "APP121",
    Severity.WARNING,
    sources=("APP-19", "AKO internal/nodes/validator.go@2.1.1", "AKO internal/nodes/ingress_model_rel.go@2.1.1"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.members:
        for ingress in cluster.workloads.ingresses:
            if not served(cluster, ingress):
                continue
            title = f"Ingress `{ingress.namespace}/{ingress.name}`"
            for one in rules(ingress):
                if one.paths is None and ingress.get("spec", "rules", one.index, "http") is None:
                    at = ingress.at("spec", "rules", one.index)
                    text = f"{title} has a rule without `http` paths; AKO drops the whole Ingress"
                    yield Problem(at, text, site=cluster.site, cluster=cluster.name)
                for path in one.paths or ():
                    backend = (*path.pointer, "backend")
                    if path.service is None and ingress.get(*backend, "resource") is not None:
                        at = ingress.at(*backend, "resource", key=True)
                        text = f"{title} has a resource backend; AKO panics on it"
                        yield Problem(at, text, severity=Severity.ERROR, site=cluster.site, cluster=cluster.name)
