"""A GSLBHostRule that is not the same in all clusters of the federation.

What it finds:
    A GSLBHostRule that stands in one cluster that runs AMKO and not in another of the same federation, or with other settings.
    Order and empty values make no difference.

Why it matters:
    AMKO federates its configuration and its policy, not GSLBHostRules: only those of the leader's own cluster count. After a
    failover the overrides of the new leader do, or none: traffic then follows the policy alone, and nothing says so.
    Source: AMKO federator/controllers (GSLBConfig and GlobalDeploymentPolicy only); docs/federation.md, docs/site_recovery.md
    (1.9.1 to 2.1.1).

Bad:
    # site01/gslb/shop.yaml, and nothing in site02
    kind: GSLBHostRule
    metadata: {name: shop, namespace: avi-system}

Good:
    # the same file in site01 and in site02
    kind: GSLBHostRule
    metadata: {name: shop, namespace: avi-system}

Fix:
    Commit identical copies for every cluster that runs AMKO, best from one shared base.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Federation
from validator.policies import Policy, host_rules
from validator.rules import rule
from validator.rules.ghr._copies import Told, problems, settings

Name = tuple[str, str]


@rule("GHR104", Severity.ERROR, sources=("GHR-04",))
def check(estate: Estate) -> Iterator[Problem]:
    told = Told(estate)
    found: dict[int, dict[Name, Policy]] = {}
    for policy in host_rules(estate):
        assert policy.manifest is not None
        found.setdefault(id(policy.cluster), {})[policy.manifest.namespace, policy.manifest.name] = policy
    for federation in estate.federations:
        clusters = _leader_first(federation)
        names = dict.fromkeys(name for cluster in clusters for name in found.get(id(cluster), {}))
        for name in names:
            copies = [(cluster, found.get(id(cluster), {}).get(name)) for cluster in clusters]
            yield from _missing(estate, copies)
            yield from _differing([copy for _, copy in copies if copy is not None], told)


def _leader_first(federation: Federation) -> list[Cluster]:
    leading = {id(release.cluster) for release in federation.leaders}
    unique = {id(cluster): cluster for cluster in federation.clusters}
    return sorted(unique.values(), key=lambda cluster: id(cluster) not in leading)


def _missing(estate: Estate, copies: list[tuple[Cluster, Policy | None]]) -> Iterator[Problem]:
    first = next(copy for _, copy in copies if copy is not None)
    assert first.manifest is not None
    for order, (cluster, copy) in enumerate(copies):
        if copy is not None or cluster.uncertain or cluster.workloads.foreign(estate.folders):
            continue
        effect = (
            "AMKO leads from there, so that it has no effect" if order == 0 else "it is lost when AMKO leads from there"
        )
        yield Problem(
            first.manifest.at("metadata", "name"),
            f"{first.title} of cluster `{first.cluster.name}` is missing in cluster `{cluster.name}`; {effect}",
        )


def _differing(copies: list[Policy], told: Told) -> Iterator[Problem]:
    values = [settings(told.estate, copy) for copy in copies]
    if all(value == values[0] for value in values[1:]):
        return
    counts = [values.count(value) for value in values]
    best = counts.index(max(counts))
    for copy, value in zip(copies, values, strict=True):
        if value != values[best]:
            yield from problems(told, copy, value, copies[best], values[best])
