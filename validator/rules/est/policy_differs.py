"""All sites follow a policy that is not the one of the estate file.

What it finds:
    A setting of AMKO that is the same in every cluster, but not as `estate.yaml` has it: selectors, traffic split,
    pool algorithm, down response, health monitors, TTL, GSLB leader
    controller, tenant, refresh interval, custom global FQDNs.
    Where the clusters differ among themselves,
    other rules tell.

Why it matters:
    A change made in the manifests only is undone by the next rendering: a selector that changes back takes
    applications out of GSLB, another leader controller makes every AMKO talk to a controller that no longer
    leads.
    Source: AMKO gslb/ingestion/gdp_controller.go, gslb/gslbutils/gdputils.go (1.9.1 to 2.1.1).

Bad:
    # estate.yaml
    amko: {appSelector: {app: gslb}}
    # every site
    globalDeploymentPolicy: {appSelector: {label: {app: global}}}

Good:
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}}

Fix:
    Make the estate file and the manifests say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.lifecycle.charts import amko_values
from validator.model import Estate, Federation
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.unknown import holds_unknown
from validator.rules import rule
from validator.rules.est._declared import differs, entries
from validator.schema.faults import tells

SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("configs", "gslbLeaderController", "leader"),
    ("configs", "tenant", "tenant"),
    ("configs", "refreshInterval", "refreshInterval"),
    ("configs", "useCustomGlobalFqdn", "useCustomGlobalFqdn"),
    ("globalDeploymentPolicy", "appSelector", "appSelector"),
    ("globalDeploymentPolicy", "namespaceSelector", "namespaceSelector"),
    ("globalDeploymentPolicy", "trafficSplit", "trafficSplit"),
    ("globalDeploymentPolicy", "ttl", "ttl"),
    ("globalDeploymentPolicy", "poolAlgorithmSettings", "poolAlgorithm"),
    ("globalDeploymentPolicy", "downResponse", "downResponse"),
    ("globalDeploymentPolicy", "healthMonitorRefs", "healthMonitorRefs"),
    ("globalDeploymentPolicy", "healthMonitorTemplate", "healthMonitorTemplate"),
    ("globalDeploymentPolicy", "sitePersistenceRef", "sitePersistenceRef"),
)
"""Block and key of a chart value, and the key of the estate file."""
ALONE = frozenset({"appSelector", "namespaceSelector", "trafficSplit"})
"""Settings that the manifests must not have where the estate file has none: they choose who gets traffic."""


@rule("EST208", Severity.ERROR, sources=("EST", "AMKO gslb/gslbutils/gdputils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    known = {id(entry.cluster) for entry in entries(estate)}
    for federation in estate.federations:
        if estate.declared and all(id(cluster) in known for cluster in federation.clusters):
            yield from _settings(estate, federation)


def _settings(estate: Estate, federation: Federation) -> Iterator[Problem]:
    first, declared = federation.releases[0], estate.declared
    cluster = first.cluster.declared
    if declared is None or estate.declared_problems or cluster is None:
        return
    values = amko_values(declared.resolved, cluster)
    for block, key, said in SETTINGS:
        given, wanted = first.get(block, key), values[block].get(key)
        same = all(release.get(block, key) == given for release in federation.releases)
        if not same or given == wanted or (wanted in (None, {}, []) and key not in ALONE) or holds_unknown(given):
            continue
        if given is MISSING and (block == "configs" or not wanted):
            continue
        if any(tells(release, block, key) for release in federation.releases):
            continue
        pointer, left, right = _difference(MISSING if given is None else given, wanted)
        if left != right:
            at, parent = first.at(block, key, *pointer), "gslb" if block == "configs" and said == "leader" else "amko"
            what = f"`{'.'.join(map(str, (block, key, *pointer)))}` of every site"
            yield differs(at, what, left, right, declared.at(parent, said))


def _difference(given: Any, wanted: Any) -> tuple[Pointer, str, str]:
    """Return where two values differ, and what they are there as text."""
    if isinstance(given, list) and isinstance(wanted, list) and len(given) == len(wanted):
        for index, (left, right) in enumerate(zip(given, wanted, strict=True)):
            if left != right:
                pointer, here, there = _difference(left, right)
                return (index, *pointer), here, there
    if isinstance(given, dict) and isinstance(wanted, dict) and given.keys() == wanted.keys():
        for key in given:
            if given[key] != wanted[key]:
                pointer, here, there = _difference(given[key], wanted[key])
                return (key, *pointer), here, there
    return (), _text(given), _text(wanted)


def _text(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ", ".join(
            _text(part) if isinstance(part, dict) else f"{key}: {_text(part)}" for key, part in value.items()
        )
    return "; ".join(map(_text, value)) if isinstance(value, list) else str(value)
