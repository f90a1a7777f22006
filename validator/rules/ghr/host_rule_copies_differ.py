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

from validator.federation.policies import Policy, host_rules
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Federation
from validator.rules import rule
from validator.rules.ghr._copies import Told, problems, settings

Copies = list[tuple[Cluster, Policy | None]]


@rule("GHR104", Severity.ERROR, sources=("GHR-04",))
def check(estate: Estate) -> Iterator[Problem]:
    told = Told(estate)
    found: dict[int, list[Policy]] = {}
    for policy in host_rules(estate):
        found.setdefault(id(policy.cluster), []).append(policy)
    for federation in estate.federations:
        clusters = _leader_first(federation)
        for copies in _copies([(cluster, found.get(id(cluster), [])) for cluster in clusters]):
            yield from _missing(estate, copies)
            yield from _differing([copy for _, copy in copies if copy is not None], told)


def _copies(rules: list[tuple[Cluster, list[Policy]]]) -> Iterator[Copies]:
    """Yield each rule with its copy in every cluster: the one of the same name, else one for the same FQDN."""
    by_name = [{_name(policy): policy for policy in found} for _, found in rules]
    names = dict.fromkeys(name for found in by_name for name in found)
    taken: set[int] = set()
    for name in names:
        mine = [found.get(name) for found in by_name]
        first = next((one for one in mine if one is not None and id(one) not in taken), None)
        if first is None:
            continue
        copies = [one or _like(first, found, by_name[0], taken) for one, (_, found) in zip(mine, rules, strict=True)]
        taken.update(id(one) for one in copies if one is not None)
        yield [(cluster, one) for (cluster, _), one in zip(rules, copies, strict=True)]


def _like(first: Policy, found: list[Policy], leading: dict[tuple[str, str], Policy], taken: set[int]) -> Policy | None:
    fqdn = first.get("fqdn")
    others = (one for one in found if _name(one) not in leading and id(one) not in taken)
    return next((one for one in others if isinstance(fqdn, str) and one.get("fqdn") == fqdn), None)


def _name(policy: Policy) -> tuple[str, str]:
    assert policy.manifest is not None
    return policy.manifest.namespace, policy.manifest.name


def _leader_first(federation: Federation) -> list[Cluster]:
    leading = {id(release.cluster) for release in federation.leaders}
    unique = {id(cluster): cluster for cluster in federation.clusters}
    return sorted(unique.values(), key=lambda cluster: id(cluster) not in leading)


def _missing(estate: Estate, copies: Copies) -> Iterator[Problem]:
    first = next(copy for _, copy in copies if copy is not None)
    assert first.manifest is not None
    there = first.cluster.workloads.foreign(estate.folders)
    for order, (cluster, copy) in enumerate(copies):
        # What comes from elsewhere in both clusters does not bring the copy: it stands in this repository in the first.
        if copy is not None or (cluster.workloads.foreign(estate.folders) - there):
            continue
        effect = "it is lost when AMKO leads from there" if order else "AMKO leads from there, so that it has no effect"
        yield Problem(
            first.manifest.at("metadata", "name"),
            f"{first.title} of cluster `{first.cluster.name}` is missing in cluster `{cluster.name}`; {effect}",
            absence=cluster.root,
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
