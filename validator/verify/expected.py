"""What the AMKO objects of a cluster must hold, in the form in which live ones are compared with it.

Made from the same values as the rendered release, the way the chart's templates put them into objects.
Source: AMKO helm/amko/templates/{amkocluster,gslbconfig,gdp}.yaml (1.9.1 to 2.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.lifecycle.charts import amko_values
from validator.verify.plan import ClusterPlan, Plan

Data = dict[str, Any]

_LISTS = {"memberClusters": "clusterContext", "matchClusters": "cluster", "trafficSplit": "cluster"}
"""Lists whose order means nothing, and the key that tells their entries apart."""


def amko_cluster(plan: Plan, cluster: ClusterPlan) -> Data:
    """Return the settings of the AMKOCluster of a cluster, but for the leader and the version."""
    federation = amko_values(plan.estate, cluster.data)["federation"]
    return normal({"clusterContext": federation["currentCluster"], "clusters": federation["memberClusters"]})


def gslb_config(plan: Plan, cluster: ClusterPlan) -> Data:
    """Return the settings of the GSLBConfig."""
    configs = amko_values(plan.estate, cluster.data)["configs"]
    leader = {"controllerIP": configs["gslbLeaderController"], "controllerVersion": configs["controllerVersion"]}
    if "tenant" in configs:
        leader["tenant"] = configs["tenant"]
    rest = ("memberClusters", "refreshInterval", "logLevel", "useCustomGlobalFqdn")
    return normal({"gslbLeader": leader, **{key: configs[key] for key in rest}})


def policy(plan: Plan, cluster: ClusterPlan) -> Data:
    """Return the settings of the GlobalDeploymentPolicy."""
    found = dict(amko_values(plan.estate, cluster.data)["globalDeploymentPolicy"])
    rules = {key: found.pop(key) for key in ("appSelector", "namespaceSelector") if key in found}
    return normal({"matchRules": rules, **found})


def host_rules(plan: Plan) -> dict[str, Data]:
    """Return the settings of the GSLBHostRules by their name in `avi-system`."""
    return {
        app["name"]: normal(
            {
                "fqdn": app["host"],
                "trafficSplit": [
                    {"cluster": share["context"], "weight": share["weight"], "priority": share["priority"]}
                    for share in app["trafficSplit"]
                ],
            }
        )
        for app in plan.estate["apps"]
        if app["trafficSplit"] and any(name.app == app["name"] for name in plan.names)
    }


def normal(spec: Any) -> Data:
    """Return a spec without what is not set, with its lists of clusters in one order."""
    return {key: _normal(key, value) for key, value in sorted(spec.items()) if not _unset(value)}


def _unset(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _normal(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return normal(value)
    if isinstance(value, list) and key in _LISTS and all(isinstance(item, dict) for item in value):
        name = _LISTS[key]
        return {str(item.get(name)): normal({k: v for k, v in item.items() if k != name}) for item in value}
    if isinstance(value, list) and key in {"clusters", "healthMonitorRefs"}:
        return sorted(value, key=str)
    return value


def differences(wanted: Any, live: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two normal forms differ, as deep as both are mappings: the key, what is wanted, what is live."""
    if isinstance(wanted, dict) and isinstance(live, dict):
        for key in sorted(wanted.keys() | live.keys()):
            yield from differences(wanted.get(key), live.get(key), (*at, key))
    elif wanted != live:
        yield ".".join(at), wanted, live
