"""AKO of a cluster is set up in another way than the estate file says.

What it finds:
    Values of an AKO release that differ from those that the estate file stands for: networks, serviceType,
    sharding, CNI, layer 7 only, static routes, replicas, and whatever stands under `ako.values`; and any other
    setting that is not the chart's default. The default counts for a value that is not set.
    Controller, cloud, tenant, group and name of the cluster have a rule
    of their own where they are set.

Why it matters:
    The next rendering undoes what was changed in the manifests, and the estate file is what people read in an
    outage. A virtual network or a service type of another site leaves the site without virtual services that
    answer.
    Source: AKO helm/ako/templates/configmap.yaml (1.9.2 to 2.1.1).

Bad:
    # estate.yaml: ako: {vipNetwork: {name: vips, cidr: 192.0.2.0/24}}
    NetworkSettings: {vipNetworkList: [{networkName: vips, cidr: 198.51.100.0/24}]}

Good:
    NetworkSettings: {vipNetworkList: [{networkName: vips, cidr: 192.0.2.0/24}]}

Fix:
    Make the estate file and the manifests say the same; what the estate file has no key for goes under
    `ako.values`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.lifecycle.charts import ako_values
from validator.model import Cluster, Estate, Release
from validator.read.effective import MISSING
from validator.read.manifest import dig
from validator.read.unknown import holds_unknown
from validator.rules import rule
from validator.rules.ako._settings import declared_at, setting
from validator.values import defaults, flag, validate_values

ELSEWHERE = {("AKOSettings", "primaryInstance"), ("AKOSettings", "deleteConfig"), ("AKOSettings", "clusterName")}
NAMED = {("ControllerSettings", key) for key in ("cloudName", "tenantName", "serviceEngineGroupName")}
OPTIONAL = {("ControllerSettings", "controllerVersion"), ("ControllerSettings", "controllerHost")}
UNJUDGED = ELSEWHERE | OPTIONAL
BLOCKS = frozenset("AKOSettings NetworkSettings L7Settings L4Settings ControllerSettings featureGates".split())
LISTS = {("NetworkSettings", "vipNetworkList")}
LEVEL = ("AKOSettings", "logLevel")
"""What is turned up for a while; it counts where the estate file sets it, not where that has a default."""
ROUTER = ("NetworkSettings", "nsxtT1LR")


@rule("AKO137", Severity.WARNING, sources=("EST", "AKO helm/ako/templates/configmap.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    resolved = estate.declared.resolved
    for site in resolved.get("sites", []):
        for data in site["clusters"]:
            cluster = estate.clusters_declared.get(data["name"])
            if cluster is not None and len(cluster.ako) == 1 and data["runsAko"]:
                yield from _differences(estate, cluster, ako_values(resolved, site, data))


def _differences(estate: Estate, cluster: Cluster, wanted: dict[str, Any]) -> Iterator[Problem]:
    release = cluster.ako[0]
    found = [
        (pointer, value)
        for pointer, value in _leaves(wanted)
        if not _same(release, pointer, value) and (pointer != LEVEL or _is_written(estate, cluster, "logLevel"))
    ]
    found.extend(_more(release, wanted))
    if not found or (release.version is None and release.is_chart):
        return
    version = release.version or ""
    invalid = [problem.pointer for problem in validate_values("ako", version, release.values.merged)]
    for pointer, value in found:
        if any(pointer[: len(bad)] == bad or bad[: len(pointer)] == pointer for bad in invalid):
            continue
        given = setting(release, *pointer)
        yield Problem(
            release.at(*pointer),
            f"`{release.title(*pointer)}` of `{cluster.name}` is `{_text(given)}`, the estate file says `{_text(value)}`",
            related=((declared_at(estate, cluster, "ako"), "declared here"),),
        )


def _is_written(estate: Estate, cluster: Cluster, key: str) -> bool:
    """Return whether the estate file itself sets something, instead of leaving it at its default."""
    assert estate.declared is not None
    place = estate.declared.places.get(id(cluster.declared), ())
    return dig(estate.declared.data, (*place, "ako", key)) is not None


def _more(release: Release, wanted: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the settings of a release beside those of the estate file that are not the chart's defaults."""
    if release.version is None or release.values.unknown:
        return
    usual = defaults(release.chart, release.version) or {}
    for pointer, given in _leaves(release.values.merged):
        default = dig(usual, pointer)
        open_to_all = pointer[0] not in wanted and pointer[0] not in BLOCKS
        if dig(wanted, pointer) is not None or default is None or holds_unknown(given) or open_to_all:
            continue
        same = flag(given) is flag(default) if flag(default) is not None else str(given) == str(default)
        if not same and any(dig(wanted, pointer[:size]) is None for size in range(1, len(pointer) + 1)):
            yield pointer, default


def _leaves(value: dict[str, Any], pointer: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, part in value.items():
        here = (*pointer, key)
        if isinstance(part, dict):
            yield from _leaves(part, here)
        elif here not in UNJUDGED and key not in {"tolerations", "username", "password", "authtoken"}:
            yield here, part


def _same(release: Release, pointer: tuple[str, ...], wanted: Any) -> bool:
    given = setting(release, *pointer)
    written = release.get(*pointer)
    if given is MISSING or holds_unknown(given) or (pointer in NAMED and written is not MISSING):
        return True
    if (pointer in LISTS and not given) or written is None or (pointer == ROUTER and not wanted):
        return True  # a rule of its own tells
    if flag(given) is not None and flag(wanted) is not None:
        return flag(given) is flag(wanted)
    return bool(given == wanted) or (not given and not wanted) or str(given) == str(wanted)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value) or "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return " ".join(_text(item) for item in value.values())
    return str(value) if value not in {"", None} else "empty"
