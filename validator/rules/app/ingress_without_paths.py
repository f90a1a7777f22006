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

from validator.clusters.workloads import Rule, rules, served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule


@rule(
    "APP121",
    Severity.WARNING,
    sources=("APP-19", "AKO internal/nodes/validator.go@2.1.1", "AKO internal/nodes/ingress_model_rel.go@2.1.1"),
)
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[int] = set()
    for cluster in estate.members:
        for ingress in cluster.workloads.ingresses:
            if id(ingress.value) in sound:  # objects of the same text share one value
                continue
            found = [fault for one in rules(ingress) for fault in _faults(ingress, one)]
            if not found:
                sound.add(id(ingress.value))
            elif served(cluster, ingress):
                title = f"Ingress `{ingress.namespace}/{ingress.name}`"
                for pointer, text, severity in found:
                    at = ingress.at(*pointer, key=pointer[-1] == "resource")
                    yield Problem(at, f"{title} has {text}", (), severity, cluster.site, cluster.name)


def _faults(ingress: Manifest, one: Rule) -> Iterator[tuple[Pointer, str, Severity]]:
    pointer = ("spec", "rules", one.index)
    if one.paths is None and ingress.get(*pointer, "http") is None:
        yield pointer, "a rule without `http` paths; AKO drops the whole Ingress", Severity.WARNING
    if ingress.get(*pointer, "http", "paths") == []:
        yield (*pointer, "http", "paths"), "a rule without paths; the API server refuses it", Severity.ERROR
    for path in one.paths or ():
        place, kind = (*path.pointer, "path"), ingress.get(*path.pointer, "pathType")
        known = ingress.get(*place) is None or isinstance(ingress.get(*place), str)
        if kind in ("Prefix", "Exact") and known and not path.path.startswith(("/", "$")):
            yield place, f"path `{path.path}`, which does not begin with `/`; the API server refuses it", Severity.ERROR
        if path.service is None and ingress.get(*path.pointer, "backend", "resource") is not None:
            yield (*path.pointer, "backend", "resource"), "a resource backend; AKO panics on it", Severity.ERROR
