"""The ClusterClass side of a declared workload cluster: topology variables and node pools, ready to be written out.

Variable names and shapes are those of `tkg-vsphere-default-v1.*` (tanzu-framework v0.28.0,
packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml). Every variable that the defaulting webhook would
otherwise fill for us is written when its value is a decision of the estate.
"""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

API_SERVER_PORT = 6443


def variables(cluster: Data, vcenter: Data) -> list[Data]:
    """Return the `spec.topology.variables` list of a resolved cluster, in a fixed order."""
    values: Data = {
        "cni": cluster["cni"],
        "controlPlaneCertificateRotation": cluster["certificateRotation"],
        "auditLogging": {"enabled": cluster["auditLogging"]},
        "podSecurityStandard": {"deactivated": False, **cluster["podSecurity"]},
        "apiServerEndpoint": cluster["endpoint"],
        "apiServerPort": cluster["endpointPort"] if cluster["endpointPort"] != API_SERVER_PORT else None,
        "aviAPIServerHAProvider": cluster["endpointProvider"] == "avi",
        "vcenter": _vcenter(vcenter),
        "user": {"sshAuthorizedKeys": vcenter["sshAuthorizedKeys"]} if vcenter["sshAuthorizedKeys"] else None,
        "controlPlane": _node(cluster["controlPlane"], cluster),
        "worker": _node(cluster["nodePools"][0], cluster),
        "nodePoolLabels": [] if any(pool["labels"] for pool in cluster["nodePools"]) else None,
        "ntpServers": cluster["ntpServers"] or None,
        "additionalFQDN": cluster["additionalFqdns"] or None,
        "proxy": cluster["proxy"],
        "imageRepository": cluster["imageRepository"],
        "trust": {"additionalTrustedCAs": cluster["trustedCAs"]} if cluster["trustedCAs"] else None,
    }
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]


def overrides(pool: Data, cluster: Data) -> list[Data]:
    """Return the variable overrides of one node pool: what differs from the first pool, whose machine is the default."""
    found: list[Data] = []
    machine = _node(pool, cluster)
    if machine != _node(cluster["nodePools"][0], cluster):
        found.append({"name": "worker", "value": machine})
    if pool["labels"]:
        labels = [{"key": key, "value": value} for key, value in pool["labels"].items()]
        found.append({"name": "nodePoolLabels", "value": labels})
    return found


def _node(pool: Data, cluster: Data) -> Data:
    machine = {"numCPUs": pool["cpus"], "diskGiB": pool["diskGiB"], "memoryMiB": pool["memoryMiB"]}
    network = {
        key: value
        for key, value in (("nameservers", cluster["nameservers"]), ("searchDomains", cluster["searchDomains"]))
        if value
    }
    return {"machine": machine, "network": network} if network else {"machine": machine}


def _vcenter(vcenter: Data) -> Data:
    return {
        "cloneMode": vcenter["cloneMode"],
        "server": vcenter["server"],
        "datacenter": vcenter["datacenter"],
        "datastore": vcenter["datastore"],
        "folder": vcenter["folder"],
        "network": vcenter["network"],
        "resourcePool": vcenter["resourcePool"],
        "storagePolicyID": vcenter["storagePolicy"] or "",
        "tlsThumbprint": vcenter["tlsThumbprint"] or "",
    }
