"""GSLB on the Avi controllers as data: what `avi/gslb.json` of an estate says, for Terraform, Ansible and the rules alike.

Two parts, in the words of Avi's own API: `gslb`, the one object that the leader holds, and `controllers`, what each
site's controller must hold before that. Objects refer to each other by name, as in `/api/cloud?name=Default-Cloud`; what
has no such form, cluster and virtual service of a GSLB site, is named as well, and a tool looks the uuid up. Nothing of
it is secret.

Source: swagger of alb-sdk 22.1.2 (Gslb, GslbSite, ServiceEngineGroup, VsVip, VirtualService, ApplicationProfile). The
layout of the service engines is that of VMware's own deployment modules (terraform-vsphere-avi-alb-deployment-vsphere,
files/ansible, 2024).
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

Data = dict[str, Any]

PATH = "avi/gslb.json"
GEO_MEMORY = 2000
"""MiB of `extra_shared_config_memory`: the geo database does not fit into what a service engine has for its
configuration (the module of VMware gives as much)."""
GEO = "GSLB_ALGORITHM_GEO"
UDP, TCP = "System-UDP-Per-Pkt", "System-TCP-Proxy"


def configuration(estate: Data) -> Data:
    """Return the content of `avi/gslb.json` for a resolved estate."""
    return {"gslb": _gslb(estate), "controllers": [_controller(site, estate) for site in estate["sites"]]}


def address(text: str) -> Data:
    """Return an address as Avi writes it: with its type."""
    try:
        return {"addr": text, "type": f"V{ip_address(text).version}"}
    except ValueError:
        return {"addr": text, "type": "DNS"}


def reference(kind: str, name: str) -> str:
    """Return an object of a controller by its name, as Avi's API refers to it."""
    return f"/api/{kind}?name={name}"


def _gslb(estate: Data) -> Data:
    given = estate["gslb"]
    sites = sorted(estate["sites"], key=lambda site: not site["isGslbLeader"])
    return {
        "name": given["name"],
        "leader": given["leader"],
        "dns_configs": [{"domain_name": domain} for domain in given["domains"]],
        "sites": [_site(site, given) for site in sites],
    }


def _site(site: Data, given: Data) -> Data:
    own, dns = site["avi"]["gslb"], site["avi"]["dns"]
    return {
        "name": site["name"],
        "enabled": True,
        "member_type": "GSLB_ACTIVE_MEMBER",
        "username": given["username"],
        "ip_addresses": [address(text) for text in own["addresses"]],
        "port": own["port"],
        **({"ratio": own["ratio"]} if own["ratio"] else {}),
        **({"location": _location(own["location"])} if own["location"] else {}),
        "dns_vses": [{"dns_vs": dns["virtualService"], "domain_names": list(given["domains"])}],
    }


def _location(given: Data) -> Data:
    return {
        "source": "GSLB_LOCATION_SRC_USER_CONFIGURED",
        "location": {key: value for key, value in given.items() if value is not None},
    }


def _controller(site: Data, estate: Data) -> Data:
    avi, given = site["avi"], estate["gslb"]
    return {
        "site": site["name"],
        "controller": avi["controller"],
        "api_version": avi["version"],
        "serviceenginegroup": _engines(site, estate),
        "applicationprofile": _profile(given),
        "vsvip": _vsvip(avi),
        "virtualservice": _service(avi, given["dnsProfile"]["name"]),
    }


def _service(avi: Data, profile: str) -> Data:
    """Return the DNS virtual service: UDP as a whole, TCP as the second service that the user interface does not show."""
    dns = avi["dns"]
    both = {"port": 53, "port_range_end": 53}
    return {
        "name": dns["virtualService"],
        "enabled": True,
        "cloud_ref": reference("cloud", avi["cloud"]["name"]),
        "se_group_ref": reference("serviceenginegroup", dns["serviceEngineGroup"]),
        "application_profile_ref": reference("applicationprofile", profile),
        "network_profile_ref": reference("networkprofile", UDP),
        "vsvip_ref": reference("vsvip", _vip_name(dns)),
        "services": [both, {**both, "override_network_profile_ref": reference("networkprofile", TCP)}],
    }


def _engines(site: Data, estate: Data) -> Data:
    """Return the SE group: only the one DNS virtual service lives in it.

    Active/active (`HA_MODE_SHARED_PAIR`) means at least two service engines per virtual service.
    """
    dns, algorithm = site["avi"]["dns"], estate["amko"]["poolAlgorithm"]
    size = dns["serviceEngines"]
    geo = algorithm is not None and algorithm["lbAlgorithm"] == GEO
    return {
        "name": dns["serviceEngineGroup"],
        "cloud_ref": reference("cloud", site["avi"]["cloud"]["name"]),
        "ha_mode": "HA_MODE_SHARED_PAIR" if size["min"] > 1 else "HA_MODE_SHARED",
        "algo": "PLACEMENT_ALGO_PACKED",
        "min_scaleout_per_vs": size["min"],
        "max_scaleout_per_vs": size["max"],
        "max_se": size["max"],
        "buffer_se": 0,
        "max_vs_per_se": 1,
        "vcpus_per_se": size["cpus"],
        "memory_per_se": size["memoryMiB"],
        "disk_per_se": size["diskGiB"],
        "extra_shared_config_memory": GEO_MEMORY if geo else 0,
        "se_name_prefix": f"gdns-{site['name']}",
        "cpu_reserve": True,
        "mem_reserve": True,
    }


def _profile(given: Data) -> Data:
    """Return the application profile; every site names the leader's name server in its SOA, so that all answer alike."""
    profile = given["dnsProfile"]
    primary = next(server["host"] for server in given["nameServers"] if server["site"] == given["leader"])
    zones = [
        {"domain_name": domain, "admin_email": profile["adminEmail"], "name_server": primary}
        for domain in given["domains"]
    ]
    return {
        "name": profile["name"],
        "type": "APPLICATION_PROFILE_TYPE_DNS",
        "dns_service_profile": {
            "ttl": profile["ttl"],
            "error_response": "DNS_ERROR_RESPONSE_ERROR",
            "dns_over_tcp_enabled": True,
            "dns_zones": zones,
        },
    }


def _vsvip(avi: Data) -> Data:
    dns = avi["dns"]
    own = address(dns["address"])
    six = "6" if own["type"] == "V6" else ""
    vip: Data = {"vip_id": "0", "enabled": True, "auto_allocate_ip": False, f"ip{six}_address": own}
    if dns["network"]:
        network = ip_network(dns["network"]["cidr"])
        subnet = {"ip_addr": address(str(network.network_address)), "mask": network.prefixlen}
        place = {"network_ref": reference("network", dns["network"]["name"]), f"subnet{six}": subnet}
        vip["placement_networks"] = [place]
    return {
        "name": _vip_name(dns),
        "cloud_ref": reference("cloud", avi["cloud"]["name"]),
        **({"tier1_lr": dns["tier1Router"]} if dns["tier1Router"] else {}),
        "vip": [vip],
    }


def _vip_name(dns: Data) -> str:
    return f"{dns['virtualService']}-vsvip"
