"""A sync behaves in one cluster in another way than in the others.

What it finds:
    Flux Kustomizations of the same name and namespace in several clusters that differ in `prune`, `wait`
    or `force`. Clusters of one kind are compared: the management clusters, the workload clusters of an
    estate file or, without one, of a federation.

Why it matters:
    Without `wait`, what depends on a Kustomization starts as soon as its objects are applied: AMKO before AKO
    is there. Without `prune`, what is removed here stays there. The sites drift apart, and it shows at a
    failover.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Prune, Wait, Force.

Bad:
    # site01
    metadata: {name: ako}
    spec: {wait: true}
    # site02
    metadata: {name: ako}
    spec: {}

Good:
    # site02
    metadata: {name: ako}
    spec: {wait: true}

Fix:
    Write the same in every cluster.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import flux
from validator.read.manifest import Manifest
from validator.rules import rule

KEYS = {"prune": False, "wait": False, "force": False}
"""Settings that are compared, with their defaults."""
Group = list[tuple[Cluster, Manifest]]


@rule("GIT117", Severity.WARNING, sources=("GIT", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    groups: defaultdict[tuple[int, str, str], Group] = defaultdict(list)
    seen: set[int] = set()
    for cluster in estate.clusters:
        role = _role(estate, cluster)
        if role is None:
            continue
        for sync in cluster.of("Kustomization", flux.KUSTOMIZE):
            if id(sync.document) not in seen and sync.name and not sync.uncertain:
                groups[role, sync.namespace, sync.name].append((cluster, sync))
            seen.add(id(sync.document))
    for group in groups.values():
        for key, default in KEYS.items():
            yield from _odd(group, key, default=default)


def _role(estate: Estate, cluster: Cluster) -> int | None:
    """Return which clusters a cluster is like: those that make clusters, or those of its estate, its federation."""
    if cluster.runs_clusters:
        return -1
    if estate.declared is not None:
        return 0
    return next((i for i, federation in enumerate(estate.federations) if cluster in federation.clusters), None)


def _around(group: Group, key: str, value: bool) -> int:
    """Return how many other syncs of the clusters have a value, which decides a draw."""
    return sum(
        other.spec.get(key) is value
        for cluster, sync in group
        for other in cluster.of("Kustomization", flux.KUSTOMIZE)
        if other is not sync
    )


def _odd(group: Group, key: str, *, default: bool) -> Iterator[Problem]:
    given = [sync.spec.get(key, default) for _, sync in group]
    if given.count(given[0]) == len(given):
        return
    values = [(sync, value) for (_, sync), value in zip(group, given, strict=True)]
    count = Counter(value for _, value in values if isinstance(value, bool))
    if len(count) < 2:
        return
    usual = max(count, key=lambda value: (count[value], _around(group, key, value), value is not (key != "wait")))
    example = next(sync for sync, value in values if value is usual)
    for sync, value in values:
        if isinstance(value, bool) and value is not usual:
            text = f"`{key}` of Kustomization `{sync.name}` is {str(value).lower()} here, and {str(usual).lower()} elsewhere"
            note = ((example.at("spec", key), f"{str(usual).lower()} for the Kustomization of that name here"),)
            yield Problem(sync.at("spec", key), text, note)
