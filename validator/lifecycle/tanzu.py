"""The flat configuration file of a management cluster, for `tanzu management-cluster create -f`, and AKODeploymentConfigs.

Source: tanzu-framework v0.28.3 providers/config_default.yaml, tkg/client/validate.go, tkg/tkgconfigreaderwriter: every
value is read as text, and a variable of the environment wins over the file. A mapping is read as an empty text, so that
labels and lists are written as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from validator.facts import table, tanzu

Data = dict[str, Any]
_as_json = json.JSONEncoder(ensure_ascii=False).encode

IDENTITY = {
    "oidc": (
        "OIDC_IDENTITY_PROVIDER_ISSUER_URL",
        "OIDC_IDENTITY_PROVIDER_CLIENT_ID",
        "OIDC_IDENTITY_PROVIDER_CLIENT_SECRET",
        "OIDC_IDENTITY_PROVIDER_USERNAME_CLAIM",
        "OIDC_IDENTITY_PROVIDER_GROUPS_CLAIM",
    ),
    "ldap": (
        "LDAP_HOST",
        "LDAP_BIND_DN",
        "LDAP_BIND_PASSWORD",
        "LDAP_USER_SEARCH_BASE_DN",
        "LDAP_GROUP_SEARCH_BASE_DN",
        "LDAP_ROOT_CA_DATA_B64",
    ),
}
"""What the login of users needs, read from the environment: addresses of the organisation, and one secret."""


def configuration(site: Data) -> Data:
    """Return the variables of a site's management cluster, those that it leaves to the environment as None."""
    management, vcenter = site["management"], site["vcenter"]
    nodes = {"CONTROL_PLANE": management["controlPlane"], "WORKER": management["workers"]}
    found: Data = {
        "CLUSTER_NAME": management["cluster"],
        "CLUSTER_PLAN": management["plan"],
        "INFRASTRUCTURE_PROVIDER": "vsphere",
        "WORKER_MACHINE_COUNT": management["workers"]["replicas"],
        **_given("TKG_IP_FAMILY", _families(management["services"])),
        "CLUSTER_CIDR": ",".join(management["pods"]),
        "SERVICE_CIDR": ",".join(management["services"]),
        "IDENTITY_MANAGEMENT_TYPE": management["identity"],
        **dict.fromkeys(IDENTITY.get(management["identity"], ())),
        "ENABLE_CEIP_PARTICIPATION": "false",
        "ENABLE_AUDIT_LOGGING": "true",
        "DEPLOY_TKG_ON_VSPHERE7": "true",
        "OS_NAME": management["os"]["name"],
        **_given("OS_VERSION", management["os"]["version"]),
        "OS_ARCH": management["os"]["arch"],
        "VSPHERE_SERVER": vcenter["server"],
        "VSPHERE_USERNAME": None,
        "VSPHERE_PASSWORD": None,
        "VSPHERE_DATACENTER": vcenter["datacenter"],
        "VSPHERE_DATASTORE": vcenter["datastore"],
        "VSPHERE_FOLDER": vcenter["folder"],
        "VSPHERE_NETWORK": management["network"],
        "VSPHERE_RESOURCE_POOL": vcenter["resourcePool"],
        "VSPHERE_CLONE_MODE": vcenter["cloneMode"],
        **_given("VSPHERE_STORAGE_POLICY_ID", vcenter["storagePolicy"]),
        **_given("VSPHERE_TLS_THUMBPRINT", vcenter["tlsThumbprint"]),
        "VSPHERE_INSECURE": _text(vcenter["insecure"] and not vcenter["tlsThumbprint"]),
        "VSPHERE_SSH_AUTHORIZED_KEY": next(iter(vcenter["sshAuthorizedKeys"]), None),
        **_given("VSPHERE_CONTROL_PLANE_ENDPOINT", management["endpoint"]),
        "VSPHERE_CONTROL_PLANE_ENDPOINT_PORT": management["endpointPort"],
    }
    for role, node in nodes.items():
        for size, key in (("NUM_CPUS", "cpus"), ("MEM_MIB", "memoryMiB"), ("DISK_GIB", "diskGiB")):
            found[f"VSPHERE_{role}_{size}"] = node[key]
    return found | _avi(site) | _proxy(management["proxy"]) | _images(management["imageRepository"])


def _families(networks: list[str]) -> str | None:
    """Return the IP families in the CLI's words, None for IPv4 alone, which is its default."""
    found = ["ipv6" if ":" in network else "ipv4" for network in networks]
    return None if found == ["ipv4"] else ",".join(found)


def _avi(site: Data) -> Data:
    controller, avi = site["avi"], site["management"]["avi"]
    found: Data = {
        "AVI_ENABLE": "true",
        "AVI_CONTROL_PLANE_HA_PROVIDER": "true",
        "AVI_CONTROLLER": controller["controller"],
        "AVI_USERNAME": avi["username"],
        "AVI_PASSWORD": None,
        "AVI_CA_DATA_B64": avi["caData"],
        "AVI_CLOUD_NAME": controller["cloud"]["name"],
        "AVI_SERVICE_ENGINE_GROUP": avi["serviceEngineGroup"],
        "AVI_MANAGEMENT_CLUSTER_SERVICE_ENGINE_GROUP": avi["managementServiceEngineGroup"],
        **_network("AVI_DATA_NETWORK", "", avi["dataNetwork"], required=True),
        **_network("AVI_CONTROL_PLANE_NETWORK", "", avi["controlPlaneNetwork"]),
        **_network("AVI_MANAGEMENT_CLUSTER_VIP_NETWORK", "_NAME", avi["managementNetwork"]),
        "AVI_LABELS": _as_json(avi["labels"]),
    }
    router = next((c["ako"]["nsxtT1LR"] for c in site["clusters"] if c["ako"]["nsxtT1LR"]), None)
    if controller["cloud"]["type"] == "nsxt-overlay":
        found["AVI_NSXT_T1LR"] = router
    return found


def _network(prefix: str, suffix: str, network: Data | None, *, required: bool = False) -> Data:
    names = (f"{prefix}{suffix}", f"{prefix}_CIDR")
    if network is None:
        return dict.fromkeys(names) if required else {}
    return dict(zip(names, (network["name"], network["cidr"]), strict=True))


def _proxy(proxy: Data | None) -> Data:
    if proxy is None:
        return {}
    excluded = {"TKG_NO_PROXY": ",".join(proxy["noProxy"])} if proxy.get("noProxy") else {}
    return {"TKG_HTTP_PROXY": proxy["httpProxy"], "TKG_HTTPS_PROXY": proxy["httpsProxy"], **excluded}


def _images(repository: Data | None) -> Data:
    if repository is None:
        return {}
    skip = _text(not repository.get("tlsCertificateValidation", True))
    return {
        "TKG_CUSTOM_IMAGE_REPOSITORY": repository["host"],
        "TKG_CUSTOM_IMAGE_REPOSITORY_SKIP_TLS_VERIFY": skip,
    }


def written(variables: Data) -> Data:
    """Return the variables that stand in the file."""
    return {name: value for name, value in variables.items() if value is not None}


def exported(variables: Data) -> list[Data]:
    """Return the variables that the environment must give, each with what it is."""
    return [
        {"name": name, "meaning": tanzu.meaning(name), "secret": name in tanzu.secrets()}
        for name, value in variables.items()
        if value is None
    ]


def _given(name: str, value: Any) -> Data:
    return {} if value is None else {name: value}


def _text(flag: bool) -> str:
    return "true" if flag else "false"


def deployment(site: Data, cluster: Data) -> Data:
    """Return the name and the `spec` of the AKODeploymentConfig of one workload cluster."""
    operator, labels = table("tkg")["akoOperator"], table("tkg")["labels"]
    avi, ako, settings = site["avi"], cluster["ako"], site["management"]["avi"]
    network = ako["vipNetwork"]
    ingress: Data = {
        "disableIngressClass": False,
        "defaultIngressController": ako["defaultIngress"],
        "serviceType": ako["serviceType"],
        "shardVSSize": ako["shardVSSize"],
    }
    if ako["nodeNetworks"]:
        ingress["nodeNetworkList"] = [{"networkName": n["name"], "cidrs": n["cidrs"]} for n in ako["nodeNetworks"]]
    extra: Data = {
        "log": {"logLevel": ako["logLevel"]},
        "disableStaticRouteSync": ako["disableStaticRouteSync"],
        **({"cniPlugin": ako["cniPlugin"]} if ako["cniPlugin"] else {}),
        **({"networksConfig": {"nsxtT1LR": ako["nsxtT1LR"]}} if ako["nsxtT1LR"] else {}),
        "ingress": ingress,
    }
    control = settings["controlPlaneNetwork"] or settings["managementNetwork"] or settings["dataNetwork"]
    spec: Data = {
        "clusterSelector": {"matchLabels": {labels["clusterName"]: cluster["name"]}},
        "controller": avi["controller"],
        "controllerVersion": avi["version"],
        "cloudName": avi["cloud"]["name"],
        "serviceEngineGroup": ako["serviceEngineGroup"],
        "tenant": {"context": "Provider", "name": avi["tenant"]},
        "adminCredentialRef": {"name": operator["adminCredential"], "namespace": operator["systemNamespace"]},
        "certificateAuthorityRef": {"name": operator["authority"], "namespace": operator["systemNamespace"]},
        "dataNetwork": dict(network),
        "controlPlaneNetwork": dict(control or network),
        "extraConfigs": extra,
    }
    return {"name": cluster["name"], "spec": spec}
