"""Values of the AKO and AMKO charts for one cluster: only keys that the chart's release knows, in the types it needs.

Source: helm/ako and helm/amko values.yaml and templates of every release (facts ako-amko 1.1 to 1.4, AKO-23, GDP-03 to 05).
"""

from __future__ import annotations

from typing import Any

from validator.facts import ako, amko, names
from validator.read.effective import merge
from validator.values.checksum import stamped

Data = dict[str, Any]

NAMESPACE = names.NAMESPACE
"""AMKO finds its own objects in this namespace only (AMKO federator/controllers/utils.go VerifyAMKOClusterSanity)."""
PLACEHOLDER = "REPLACE-ME"
"""Stands where a secret value goes; nothing that it could be mistaken for is ever rendered."""


def ako_values(estate: Data, site: Data, cluster: Data) -> Data:
    """Return the AKO chart's values; what the estate file gives under `ako.values` is merged last."""
    own = cluster["ako"]
    networks = own["vipNetwork"]
    values: Data = {
        "replicaCount": own["replicas"],
        "AKOSettings": {
            "primaryInstance": True,
            "logLevel": own["logLevel"],
            "deleteConfig": "false",
            "disableStaticRouteSync": _text(own["disableStaticRouteSync"]),
            "clusterName": own["clusterName"],
            "cniPlugin": own["cniPlugin"],
            "layer7Only": own["layer7Only"],
        },
        "NetworkSettings": {
            "nodeNetworkList": [{"networkName": n["name"], "cidrs": n["cidrs"]} for n in own["nodeNetworks"]],
            "nsxtT1LR": own["nsxtT1LR"] or "",
            "vipNetworkList": [{"networkName": networks["name"], "cidr": networks["cidr"]}] if networks else [],
        },
        "L7Settings": {
            "defaultIngController": _text(own["defaultIngress"]),
            "serviceType": own["serviceType"],
            "shardVSSize": own["shardVSSize"],
        },
        "ControllerSettings": {
            "serviceEngineGroupName": own["serviceEngineGroup"],
            "controllerVersion": site["avi"]["version"],
            "cloudName": site["avi"]["cloud"]["name"],
            "controllerHost": site["avi"]["controller"],
            "tenantName": site["avi"]["tenant"],
        },
    }
    if own["nodePortSelector"]:
        values["nodePortSelector"] = own["nodePortSelector"]
    if estate["engine"] == "argocd" and not ako.has(estate["versions"]["ako"], "optionalCredentials"):
        values["avicredentials"] = {"username": PLACEHOLDER, "password": PLACEHOLDER}
    return stamped(merge(values, own["values"]))


def amko_values(estate: Data, cluster: Data) -> Data:
    """Return the AMKO chart's values: two keys of `federation` are this cluster's, everything else is the same everywhere."""
    policy, version = estate["amko"], estate["versions"]["amko"]
    configs: Data = {
        "gslbLeaderController": estate["gslb"]["leaderController"],
        "controllerVersion": estate["gslb"]["leaderVersion"],
        "memberClusters": [{"clusterContext": member["context"]} for member in policy["members"]],
        "refreshInterval": policy["refreshInterval"],
        "logLevel": policy["logLevel"],
        "useCustomGlobalFqdn": policy["useCustomGlobalFqdn"],
    }
    if amko.has(version, "amkoUuid"):
        configs["amkoUUID"] = policy["uuid"]
    if amko.has(version, "tenant"):
        configs["tenant"] = policy["tenant"]
    values: Data = {
        "replicaCount": 1,
        "federation": {
            "currentCluster": cluster["context"],
            "currentClusterIsLeader": cluster["isAmkoLeader"],
            "memberClusters": policy["federation"],
        },
        "configs": configs,
        "globalDeploymentPolicy": _policy(policy),
    }
    if estate["engine"] == "argocd":
        values["gslbLeaderCredentials"] = {"username": PLACEHOLDER, "password": PLACEHOLDER}
    return stamped(values)


def _policy(policy: Data) -> Data:
    algorithm, down = policy["poolAlgorithm"], policy["downResponse"]
    found: Data = {
        "appSelector": {"label": policy["appSelector"]} if policy["appSelector"] else None,
        "namespaceSelector": {"label": policy["namespaceSelector"]} if policy["namespaceSelector"] else None,
        "matchClusters": [{"cluster": member["context"]} for member in policy["members"]],
        "trafficSplit": [
            {"cluster": share["context"], "weight": share["weight"], "priority": share["priority"]}
            for share in policy["trafficSplit"]
        ],
        "ttl": policy["ttl"],
        "healthMonitorRefs": policy["healthMonitorRefs"],
        "healthMonitorTemplate": policy["healthMonitorTemplate"],
        "sitePersistenceRef": policy["sitePersistenceRef"],
        "poolAlgorithmSettings": _given(algorithm) if algorithm else None,
        "downResponse": _given(down) if down else None,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _given(block: Data) -> Data:
    return {
        key: _given(value) if isinstance(value, dict) else value for key, value in block.items() if value is not None
    }


def _text(flag: bool) -> str:
    """Return a flag as the charts want most of theirs: a string (defaultIngController: true fails to render)."""
    return "true" if flag else "false"
