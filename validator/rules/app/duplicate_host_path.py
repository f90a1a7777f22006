"""Two Ingresses of a cluster claim the same host and path.

What it finds:
    The same host and path in two Ingresses that AKO serves in one cluster.

Why it matters:
    AKO warns `Duplicate entries found for hostpath` and syncs both: one pool, filled by whichever was handled last.
    Traffic of one host goes to either backend, differently in each site and after each restart.
    Source: AKO internal/nodes/validator.go validateSpecFromHostnameCache (1.9.2 to 2.1.1).

Bad:
    # Ingress shop and Ingress shop-old
    rules: [{host: shop.avi.example.com, http: {paths: [{path: /}]}}]

Good:
    # Ingress shop-old
    rules: [{host: shop.avi.example.com, http: {paths: [{path: /old}]}}]

Fix:
    Remove one of the two, or give them different paths.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import rules, served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("APP111", Severity.WARNING, sources=("APP-09", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.members:
        seen: dict[tuple[str, str], tuple[Manifest, tuple[str | int, ...]]] = {}
        for ingress in cluster.workloads.ingresses:
            if not served(cluster, ingress):
                continue
            for one in rules(ingress):
                for path in one.paths or ():
                    if not one.host or "$" in one.host:
                        continue
                    first, pointer = seen.setdefault((one.host, path.path), (ingress, path.pointer))
                    if first is ingress or (first.namespace, first.name) == (ingress.namespace, ingress.name):
                        continue
                    yield Problem(
                        ingress.at(*path.pointer, "path"),
                        f"host `{one.host}` with path `{path.path}` of Ingress "
                        f"`{ingress.namespace}/{ingress.name}` is "
                        f"also in `{first.namespace}/{first.name}`; which backend serves it is undefined",
                        related=((first.at(*pointer, "path"), "the same host and path"),),
                        site=cluster.site,
                        cluster=cluster.name,
                    )
