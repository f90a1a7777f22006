"""Traffic of an active-standby application goes to another site than the estate file says.

What it finds:
    An application that the estate file declares as `active-standby`, whose GSLBHostRule gives the highest priority to other
    clusters than those of its primary site, or which has no GSLBHostRule at all.

Why it matters:
    Avi sends all traffic to the pools with the highest priority that are up. With the priorities the other way round the standby
    serves from the first day; without a rule both sites do.
    Source: AMKO gslb/nodes/gslb_service_model.go@2.1.1; docs/crds/gslbhostrule.md; Avi GSLB, priority of pools.

Bad:
    # estate.yaml: mode: active-standby, primary: site01
    trafficSplit:
      - {cluster: site01-admin@site01, weight: 1, priority: 10}
      - {cluster: site02-admin@site02, weight: 1, priority: 20}

Good:
    trafficSplit:
      - {cluster: site01-admin@site01, weight: 1, priority: 20}
      - {cluster: site02-admin@site02, weight: 1, priority: 10}

Fix:
    Give the primary site the highest priority, in every cluster that runs AMKO; or change `primary` in the estate file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest, dig
from validator.rules import rule


@rule("GHR115", Severity.ERROR, sources=("GHR-05", "EST", "AMKO docs/crds/gslbhostrule.md"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    clusters = [cluster for cluster in estate.clusters if cluster.amko]
    for index, app in enumerate(estate.declared.resolved.get("apps", [])):
        wanted = _first({share["context"]: share["priority"] for share in app["trafficSplit"] or ()})
        found = [
            item for cluster in clusters for item in cluster.of("GSLBHostRule", GROUP) if _host(item) == app["host"]
        ]
        said = estate.declared.at("apps", index, "primary")
        if wanted and clusters and not found and not any(cluster.uncertain for cluster in clusters):
            text = (
                f"app `{app['name']}` is declared active-standby, but no cluster has a GSLBHostRule for `{app['host']}`"
            )
            yield Problem(said, text, absence=clusters[0].root if len(clusters) == 1 else "")
        alike = len({str(_priorities(item)) for item in found}) == 1  # else another rule tells how they differ
        for item in found if wanted and alike else ():
            given = _first(_priorities(item))
            if given and given != wanted:
                text = f"GSLBHostRule `{item.namespace}/{item.name}` sends traffic to {_listed(given)} first, app"
                note = ((said, f"the primary is {_listed(wanted)}"),)
                odd = next((i for i, name in enumerate(_priorities(item)) if (name in given) != (name in wanted)), 0)
                yield Problem(
                    item.at("spec", "trafficSplit", odd, "priority"),
                    f"{text} `{app['name']}` is declared with {_listed(wanted)}",
                    note,
                )


def _host(item: Manifest) -> Any:
    return None if item.uncertain else item.get("spec", "fqdn")


def _priorities(item: Manifest) -> dict[str, int]:
    shares = item.get("spec", "trafficSplit")
    found: dict[str, int] = {}
    for share in shares if isinstance(shares, list) else ():
        name, priority = dig(share, ("cluster",)), dig(share, ("priority",))
        if not isinstance(name, str) or not isinstance(priority, int):
            return {}
        found[name] = priority
    return found


def _first(priorities: dict[str, int]) -> set[str]:
    top = max(priorities.values(), default=None)
    return {name for name, priority in priorities.items() if priority == top}


def _listed(names: set[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))
