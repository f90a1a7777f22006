"""Chart values were changed without the checksum that restarts the pod.

What it finds:
    A toleration `gslb-estate/values-checksum` of an AKO or AMKO release whose value is not the checksum of the
    values.

Why it matters:
    AKO and AMKO read most settings once, at start, and their charts do not restart the pod when values change. The
    toleration is in the pod template, so that a new checksum rolls the pod. With a stale one Flux or Argo CD
    reports success while the pod runs with the old settings, until it is restarted for another reason, months
    later.
    Source: AKO internal/k8s/controller.go HandleConfigMap; AMKO gslb/ingestion/gslb.go getGSLBConfigChecksum (1.9.1
    to 2.1.1).

Bad:
    values:
      AKOSettings: {clusterName: wld}
      tolerations:
      - {key: gslb-estate/values-checksum, operator: Equal, value: 0123456789abcdef, effect: NoSchedule}

Good:
    values:
      AKOSettings: {clusterName: wld}
      tolerations:
      - {key: gslb-estate/values-checksum, operator: Equal, value: 5f7d62c1f4d4ad58, effect: NoSchedule}

Fix:
    Write the checksum that the message names, or render the repository again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate, Release
from validator.read.unknown import holds_unknown
from validator.rules import rule
from validator.values import checksum, stamp
from validator.values.checksum import KEY


@rule(
    "AKO126",
    Severity.WARNING,
    sources=("AKO-34", "AMKO-GC-07", "AKO internal/k8s/controller.go@2.1.1", "AMKO gslb/ingestion/gslb.go@2.1.1"),
)
def check(estate: Estate) -> Iterator[Problem]:
    releases = [release for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko)]
    carried = {id(release): stamp(release.values.merged) for release in releases}
    if not any(carried.values()):
        return
    for release in releases:
        values, text = release.values.merged, carried[id(release)]
        right = checksum(values)
        if text == right or not release.is_chart or release.values.unknown or holds_unknown(values):
            continue
        title, index = f"{release.chart.upper()} of cluster `{release.cluster.name}`", _index(values)
        if text is None or index is None:
            yield Problem(
                release.at("tolerations"),
                f"{title} has no checksum of its values, other releases have one; it is `{right}`, and without it "
                "the pod keeps running with old settings after a change",
                fix=_added(estate, release, right),
            )
            continue
        yield Problem(
            release.at("tolerations", index, "value"),
            f"checksum `{text}` of {title} is stale, that of its values is `{right}`; without it the pod keeps "
            "running with its old settings",
            fix=edits.assign(estate, release, ("tolerations", index, "value"), right),
        )


def _added(estate: Estate, release: Release, right: str) -> tuple[Edit, ...]:
    toleration = {"key": KEY, "operator": "Equal", "value": right, "effect": "NoSchedule"}
    if release.values.has("tolerations"):
        return edits.append(estate, release, ("tolerations",), toleration)
    return edits.insert(estate, release, (), "tolerations", [toleration])


def _index(values: dict[str, Any]) -> int | None:
    items = values.get("tolerations")
    keys = [item.get("key") if isinstance(item, dict) else None for item in items] if isinstance(items, list) else []
    return keys.index(KEY) if KEY in keys else None
