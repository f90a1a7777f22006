"""The sites of a declared estate: controllers, management clusters, workload clusters and their ClusterClass variables.

Variable names and shapes are those of `tkg-vsphere-default-v1.*` (tanzu-framework v0.28.0,
packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml). Every variable that the defaulting webhook would
otherwise fill for us is written when its value is a decision of the estate.
"""

from __future__ import annotations

from typing import Any

from validator.facts import tkg

Data = dict[str, Any]

API_SERVER_PORT = 6443


def resolve_site(site: Data, estate: Data, versions: Data) -> Data:
    """Return a site with its clusters, defaults filled in, keys derived."""
    name, avi = site["name"], site["avi"]
    vcenter = {
        "tlsThumbprint": None,
        "insecure": False,
        "cloneMode": "fullClone",
        "storagePolicy": None,
        "sshAuthorizedKeys": [],
        **site["vcenter"],
    }
    resolved: Data = {
        "name": name,
        "isGslbLeader": name == estate["gslb"]["leader"],
        "path": f"sites/{name}",
        "managementPath": f"sites/{name}/management",
        "avi": {
            "tenant": "admin",
            **avi,
            "dns": _dns(avi["dns"], estate["gslb"]["parentZone"]),
            "gslb": _member(avi.get("gslb", {}), avi["controller"]),
        },
        "vcenter": vcenter,
        "management": _management(site["management"], vcenter),
        "akoManagedBy": site.get("akoManagedBy", "helm"),
    }
    resolved["clusters"] = [_cluster(cluster, resolved, estate, versions) for cluster in site["clusters"]]
    routers = {c["ako"]["nsxtT1LR"] for c in resolved["clusters"] if c["runsAko"]}
    if len(routers) == 1:
        resolved["avi"]["dns"]["tier1Router"] = avi["dns"].get("tier1Router") or routers.pop()
    groups = {c["ako"]["serviceEngineGroup"] for c in resolved["clusters"] if c["runsAko"]}
    resolved["avi"]["serviceEngineGroups"] = sorted({avi["dns"]["serviceEngineGroup"], *groups})
    settings = resolved["management"]["avi"]
    networks = (cluster["ako"]["vipNetwork"] for cluster in resolved["clusters"])
    settings["dataNetwork"] = settings["dataNetwork"] or next((network for network in networks if network), None)
    return resolved


def _dns(given: Data, parent: str) -> Data:
    engines = {"min": 2, "max": 4, "cpus": 2, "memoryMiB": 8192, "diskGiB": 30, **given.get("serviceEngines", {})}
    return {
        "host": f"{given['virtualService']}.{parent}",
        "network": None,
        "tier1Router": None,
        **given,
        "serviceEngines": engines,
    }


def _member(given: Data, controller: str) -> Data:
    location = given.get("location")
    return {
        "addresses": [controller],
        "port": 443,
        "ratio": None,
        **given,
        "location": {"name": None, **location} if location else None,
    }


def _management(given: Data, vcenter: Data) -> Data:
    plan = given.get("plan", "prod")
    avi = given.get("avi", {})
    settings: Data = {
        "username": None,
        "serviceEngineGroup": "Default-Group",
        "dataNetwork": None,
        "controlPlaneNetwork": None,
        "managementNetwork": None,
        "labels": {"tkg-ako": "managed"},
        "caData": None,
        **avi,
    }
    return {
        "namespace": "default",
        "context": tkg.admin_context(given["cluster"]),
        "endpoint": None,
        "endpointPort": API_SERVER_PORT,
        "plan": plan,
        "pods": ["100.96.0.0/11"],
        "services": ["100.64.0.0/13"],
        "network": vcenter["network"],
        "identity": "none",
        "proxy": None,
        "imageRepository": None,
        **given,
        "controlPlane": {"cpus": 2, "memoryMiB": 8192, "diskGiB": 40, **given.get("controlPlane", {})},
        "workers": {
            "replicas": 1 if plan == "dev" else 3,
            "cpus": 2,
            "memoryMiB": 4096,
            "diskGiB": 40,
            **given.get("workers", {}),
        },
        "os": _os(given.get("os", {})),
        "avi": {"managementServiceEngineGroup": settings["serviceEngineGroup"], **settings},
    }


def _cluster(given: Data, site: Data, estate: Data, versions: Data) -> Data:
    name = given["name"]
    cluster: Data = {
        "clusterClass": versions["clusterClass"],
        "endpointPort": API_SERVER_PORT,
        "context": tkg.admin_context(name),
        "cni": "antrea",
        "pods": ["100.96.0.0/11"],
        "services": ["100.64.0.0/13"],
        "auditLogging": True,
        "ntpServers": [],
        "nameservers": [],
        "searchDomains": [],
        "additionalFqdns": [],
        "trustedCAs": [],
        "proxy": None,
        "imageRepository": None,
        "amko": False,
        "member": True,
        **given,
        "os": _os(given.get("os", {})),
        "certificateRotation": {"activate": True, "daysBefore": 90, **given.get("certificateRotation", {})},
        "podSecurity": {"audit": "baseline", "warn": "baseline", **given.get("podSecurity", {})},
        "controlPlane": {"replicas": 3, "cpus": 2, "memoryMiB": 8192, "diskGiB": 40, **given.get("controlPlane", {})},
        "nodePools": [_pool(pool) for pool in given.get("nodePools", [{"name": "md-0"}])],
    }
    by_tkg = site["akoManagedBy"] == "tkg"
    called = tkg.avi_name(site["management"]["namespace"], name) if by_tkg else name
    cluster["ako"] = _ako(given["ako"], called, cluster["cni"])
    cluster |= {
        "site": site["name"],
        "namespace": site["management"]["namespace"],
        "plan": "dev" if cluster["controlPlane"]["replicas"] == 1 else "prod",
        "path": f"{site['path']}/clusters/{name}",
        "isAmkoLeader": name == estate["amko"]["leader"],
        "runsAko": cluster["ako"]["enabled"],
        "akoByChart": cluster["ako"]["enabled"] and not by_tkg,
        "akoByTkg": cluster["ako"]["enabled"] and by_tkg,
        "runsAmko": cluster["amko"],
        "isMember": cluster["ako"]["enabled"] and cluster["member"],
    }
    for pool in cluster["nodePools"]:
        pool["overrides"] = overrides(pool, cluster)
    cluster["variables"] = variables(cluster, site["vcenter"])
    return cluster


def _os(given: Data) -> Data:
    system: Data = {"name": "photon", "version": None, "arch": "amd64", **given}
    version = system["version"]
    system["info"] = f"{system['name']},{version},{system['arch']}" if version else None
    system["selector"] = f"image-type=ova,os-name={system['name']}" + (f",os-version={version}" if version else "")
    return system


def _pool(given: Data) -> Data:
    defaults = {"replicas": 2, "cpus": 2, "memoryMiB": 4096, "diskGiB": 40, "labels": {}, "failureDomain": None}
    return {**defaults, **given}


def _ako(given: Data, cluster: str, cni: str) -> Data:
    return {
        "enabled": True,
        "clusterName": cluster,
        "replicas": 1,
        "logLevel": "WARN",
        "serviceEngineGroup": "Default-Group",
        "vipNetwork": None,
        "serviceType": "ClusterIP",
        "nodePortSelector": None,
        "cniPlugin": cni if cni != "none" else "",
        "shardVSSize": "LARGE",
        "layer7Only": False,
        "disableStaticRouteSync": False,
        "nsxtT1LR": None,
        "nodeNetworks": [],
        "defaultIngress": True,
        "values": {},
        **given,
    }


def variables(cluster: Data, vcenter: Data) -> list[Data]:
    """Return the `spec.topology.variables` list of a resolved cluster, in a fixed order."""
    values: Data = {
        "cni": cluster["cni"],
        "controlPlaneCertificateRotation": cluster["certificateRotation"],
        "auditLogging": {"enabled": cluster["auditLogging"]},
        "podSecurityStandard": {"deactivated": False, **cluster["podSecurity"]},
        "apiServerEndpoint": cluster["endpoint"],
        "apiServerPort": cluster["endpointPort"] if cluster["endpointPort"] != API_SERVER_PORT else None,
        "aviAPIServerHAProvider": True,
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
    """Return the variable overrides of one node pool: what differs from the first pool, the default."""
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
