"""What an estate file declares: every default filled in, and everything derived that two readers would derive twice.

`resolve(data)` takes the content of an `estate.yaml` that passed `validator.estate_file.reading.problems` and returns the dict
that becomes the template's context. It needs the standard library only, reads no clock and no network, and its result
is JSON-able. Every key below is always there: an optional string, number or block that was not given is None, a list
[], a map {}. Keys marked * are derived, the others are the file's own with its defaults. In Jinja write
`ako["values"]`: `ako.values` is the method of the dict.

    name  engine  git{url, branch}
    secrets{backend, sops{age[], recipients*}, sealedSecrets{controllerName, controllerNamespace},
            externalSecrets{store{kind, name}, prefix, refreshInterval}}       recipients: age keys joined by commas
    versions{tkg, clusterClass, ako, amko, flux, argocd, externalSecrets, sealedSecrets}
    charts{ako, amko}: {url, kind*, name*, version*, registry*, repoURL*}
        kind `oci`: url is the chart itself (Flux OCIRepository), registry the same without the chart name
        (HelmRepository of type oci); kind `http`: url and registry are the repository. repoURL is for Argo CD.
    gslb{leader, domains[], parentZone, delegationTTL, automation, name, username, dnsProfile{name, ttl, adminEmail},
         leaderController*, leaderVersion*, nameServers*[{site, host, address}]}
    amko{leader, uuid, appSelector{}, namespaceSelector{}, refreshInterval, logLevel, tenant, useCustomGlobalFqdn, ttl,
         trafficSplit[{cluster, weight, priority, context*, site*}], healthMonitorRefs[], healthMonitorTemplate,
         sitePersistenceRef, poolAlgorithm{lbAlgorithm, hashMask, geoFallback{lbAlgorithm, hashMask}}|None,
         downResponse{type, fallbackIP}|None, leaderContext*, leaderSite*, clusters*[names that run AMKO],
         federation*[their contexts], members*[{cluster, context, site}]}
    sites[]{name, isGslbLeader*, path*, managementPath*,
        avi{controller, version, tenant, cloud{name, type},
            gslb{addresses[], port, ratio, location{latitude, longitude, name}|None},
            dns{virtualService, address, serviceEngineGroup, host, network{name, cidr}|None,
                tier1Router, serviceEngines{min, max, cpus, memoryMiB, diskGiB}},
            serviceEngineGroups*[]}
        vcenter{server, datacenter, datastore, folder, network, resourcePool, tlsThumbprint, insecure, cloneMode,
                storagePolicy, sshAuthorizedKeys[]}
        management{cluster, namespace, context, endpoint, endpointPort, plan, controlPlane{cpus, memoryMiB, diskGiB},
            workers{replicas, cpus, memoryMiB, diskGiB}, pods[], services[], os{name, version, arch, info*, selector*},
            network, identity, proxy|None, imageRepository|None,
            avi{username, serviceEngineGroup, managementServiceEngineGroup, dataNetwork{name, cidr}|None,
                controlPlaneNetwork|None, managementNetwork|None, labels{}, caData}}
        akoManagedBy
        clusters[]{name, kubernetes, clusterClass, endpoint, endpointPort, context, cni,
            pods[], services[], os{name, version, arch, info*, selector*},
            controlPlane{replicas, cpus, memoryMiB, diskGiB},
            nodePools[]{name, replicas, cpus, memoryMiB, diskGiB, labels{}, failureDomain, overrides*[{name, value}]},
            certificateRotation{activate, daysBefore}, auditLogging, podSecurity{audit, warn[, enforce]},
            ntpServers[], nameservers[], searchDomains[], additionalFqdns[], trustedCAs[{name, data}],
            proxy|None, imageRepository|None,
            ako{enabled, clusterName, replicas, logLevel, serviceEngineGroup, vipNetwork{name, cidr}|None, serviceType,
                nodePortSelector{key, value}|None, cniPlugin, shardVSSize, layer7Only, disableStaticRouteSync, nsxtT1LR,
                nodeNetworks[{name, cidrs[]}], defaultIngress, values{}},
            amko, member,
            site*, namespace*, plan*, path*, isAmkoLeader*, runsAko*, akoByChart*, akoByTkg*, runsAmko*, isMember*, apps*[names],
            namespaces*[of its apps], variables*[{name, value} of the ClusterClass]}}
    apps[]{name, host, namespace, service, port, path, mode, primary, site, clusters[names], tls{secret}|None,
        pullSecret{name, registry}|None,
        source{kind*: git, oci or chart; the other two are None,
               git{url, tag, commit, path, components[], revision*}, oci{url, tag, digest, path, components[], revision*},
               chart{url, kind*, name*, version, values{}, registry*, repoURL*, revision*}}|None,
        subdomain*, sites*[], labels*{}, namespaceLabels*{}, trafficSplit*[{cluster, context, site, weight, priority}]}
        trafficSplit: empty unless active-standby, then every member cluster, for one GSLBHostRule that is the same on
        all AMKO clusters.
"""

from __future__ import annotations

from typing import Any

from validator.estate_file.sites import resolve_site
from validator.facts import ako, amko, release, tkg

Data = dict[str, Any]

FLUX, ARGOCD, EXTERNAL_SECRETS, SEALED_SECRETS = "2.9", "3.5", "2.9", "0.36"
DELEGATION_TTL = 3600
"""Seconds; a name server's address is static, so that resolvers may keep it."""
PRIMARY_PRIORITY, STANDBY_PRIORITY, WEIGHT = 20, 10, 1
"""The pool with the highest priority serves; to AMKO a cluster that is not listed has priority 10 and weight 1."""


def resolve(data: Data) -> Data:
    """Return the estate with defaults filled and derived keys added; `data` is left as it is.

    Data that did not pass its check raises KeyError, TypeError, AttributeError, IndexError or ValueError.
    """
    estate = _copied(data)
    versions = _versions(estate["versions"])
    sites = [resolve_site(site, estate, versions) for site in estate["sites"]]
    members = [_member(cluster) for cluster in _clusters(sites) if cluster["isMember"]]
    policy = _amko(estate["amko"], sites, members)
    apps = [_app(app, estate["gslb"]["domains"], policy, sites) for app in estate.get("apps", [])]
    serving = [(app, {name for name in app["clusters"] if isinstance(name, str)}) for app in apps]
    for cluster in _clusters(sites):
        name = cluster["name"]
        here = [app for app, names in serving if name in (names if isinstance(name, str) else app["clusters"])]
        cluster["apps"] = [app["name"] for app in here]
        cluster["namespaces"] = sorted({app["namespace"] for app in here})
    charts = estate.get("charts", {})
    return {
        "name": estate["name"],
        "engine": estate["engine"],
        "git": {"branch": "main", **estate["git"]},
        "secrets": _secrets(estate["secrets"], estate["name"]),
        "versions": versions,
        "charts": {
            "ako": _chart(charts.get("ako"), ako.chart_source(versions["ako"]), versions["ako"]),
            "amko": _chart(charts.get("amko"), amko.chart_source(versions["amko"]), versions["amko"]),
        },
        "gslb": _gslb(estate["gslb"], sites),
        "amko": policy,
        "sites": sites,
        "apps": apps,
    }


def _copied(value: Any) -> Any:
    """Return a copy of plain data, a tenth of the work of one that looks for shared parts and cycles."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _versions(given: Data) -> Data:
    known = tkg.find_minor(given["tkg"])
    return {
        "tkg": given["tkg"],
        "clusterClass": given.get("clusterClass") or (known.cluster_class if known else None),
        "ako": given["ako"],
        "amko": given["amko"],
        "flux": given.get("flux", FLUX),
        "argocd": given.get("argocd", ARGOCD),
        "externalSecrets": given.get("externalSecrets", EXTERNAL_SECRETS),
        "sealedSecrets": given.get("sealedSecrets", SEALED_SECRETS),
    }


def _secrets(given: Data, name: str) -> Data:
    recipients = given.get("sops", {}).get("age", [])
    external = given.get("externalSecrets", {})
    return {
        "backend": given["backend"],
        "sops": {"age": recipients, "recipients": ",".join(recipients)},
        "sealedSecrets": {
            "controllerName": "sealed-secrets-controller",
            "controllerNamespace": "kube-system",
            **given.get("sealedSecrets", {}),
        },
        "externalSecrets": {
            "prefix": f"estate/{name}",
            "refreshInterval": "1h",
            **external,
            "store": {"kind": "ClusterSecretStore", "name": "estate", **external.get("store", {})},
        },
    }


def _chart(given: Data | None, published: release.ChartSource | None, version: str) -> Data:
    if given is not None:
        url = given["url"].rstrip("/")
        kind = "oci" if url.startswith("oci://") else "http"
        name = url.rpartition("/")[2] if kind == "oci" else (published.name if published else "")
        source = release.ChartSource("oci" if kind == "oci" else "http", url, given.get("name", name))
    elif published is not None:
        source = published
    else:
        raise ValueError(f"no chart source is known for release `{version}`")
    return {
        "url": source.url,
        "kind": source.kind,
        "name": source.name,
        "version": version,
        "registry": source.registry,
        "repoURL": source.registry.removeprefix("oci://"),
    }


def _gslb(given: Data, sites: list[Data]) -> Data:
    leader = next((site for site in sites if site["isGslbLeader"]), None)
    if leader is None:
        raise ValueError(f"GSLB leader `{given['leader']}` is not a site")
    servers = [
        {"site": site["name"], "host": site["avi"]["dns"]["host"], "address": site["avi"]["dns"]["address"]}
        for site in sites
    ]
    profile = {
        "name": "g-dns-app-profile",
        "ttl": 30,
        "adminEmail": f"hostmaster@{given['parentZone']}",
        **given.get("dnsProfile", {}),
    }
    return {
        "delegationTTL": DELEGATION_TTL,
        "automation": "terraform",
        "name": "GSLB",
        "username": "gslb-admin",
        **given,
        "dnsProfile": profile,
        "leaderController": leader["avi"]["controller"],
        "leaderVersion": leader["avi"]["version"],
        "nameServers": servers,
    }


def _amko(given: Data, sites: list[Data], members: list[Data]) -> Data:
    leader = next((cluster for cluster in _clusters(sites) if cluster["isAmkoLeader"]), None)
    if leader is None:
        raise ValueError(f"AMKO leader `{given['leader']}` is not a workload cluster")
    running = [cluster for cluster in _clusters(sites) if cluster["runsAmko"]]
    shares = {share["cluster"]: share for share in given.get("trafficSplit", [])}
    split = [{"weight": WEIGHT, "priority": STANDBY_PRIORITY, **shares[m["cluster"]], **m} for m in members if shares]
    algorithm, down = given.get("poolAlgorithm"), given.get("downResponse")
    return {
        "appSelector": {},
        "namespaceSelector": {},
        "refreshInterval": 1800,
        "logLevel": "INFO",
        "tenant": "admin",
        "useCustomGlobalFqdn": False,
        "ttl": None,
        "healthMonitorRefs": [],
        "healthMonitorTemplate": None,
        "sitePersistenceRef": None,
        **given,
        "trafficSplit": split,
        "poolAlgorithm": _algorithm(algorithm) if algorithm else None,
        "downResponse": {"fallbackIP": None, **down} if down else None,
        "leaderContext": leader["context"],
        "leaderSite": leader["site"],
        "clusters": [cluster["name"] for cluster in running],
        "federation": [cluster["context"] for cluster in running],
        "members": members,
    }


def _algorithm(given: Data) -> Data:
    fallback = given.get("geoFallback")
    return {"hashMask": None, **given, "geoFallback": {"hashMask": None, **fallback} if fallback else None}


def _app(given: Data, domains: list[str], policy: Data, sites: list[Data]) -> Data:
    mode, members = given["mode"], policy["members"]
    serving = [m for m in members if mode != "single-site" or m["site"] == given["site"]]
    if "clusters" in given:
        serving = [m for m in members if m["cluster"] in given["clusters"]]
    names = {m["site"] for m in serving}
    return {
        "path": "/",
        "primary": None,
        "site": None,
        "tls": None,
        "pullSecret": None,
        **given,
        "source": _source(given.get("source")),
        "clusters": [m["cluster"] for m in serving],
        "sites": [site["name"] for site in sites if site["name"] in names],
        "subdomain": max((d for d in domains if given["host"].endswith(f".{d}")), key=len, default=None),
        "labels": dict(policy["appSelector"]),
        "namespaceLabels": dict(policy["namespaceSelector"]),
        "trafficSplit": [
            {**m, "weight": WEIGHT, "priority": PRIMARY_PRIORITY if m["site"] == given["primary"] else STANDBY_PRIORITY}
            for m in members
            if mode == "active-standby"
        ],
    }


def _source(given: Data | None) -> Data | None:
    if given is None:
        return None
    source: Data = {"kind": "chart", "git": None, "oci": None, "chart": None}
    source["kind"] = next((kind for kind in ("git", "oci") if kind in given), "chart")
    if "git" in given:
        git = {"tag": None, "commit": None, "path": "", "components": [], **given["git"]}
        source["git"] = {**git, "revision": git["tag"] or git["commit"]}
    elif "oci" in given:
        oci = {"tag": None, "digest": None, "path": "", "components": [], **given["oci"]}
        source["oci"] = {**oci, "revision": oci["digest"] or oci["tag"]}
    else:
        chart = given["chart"]
        pulled = _chart(chart, None, chart["version"])
        source["chart"] = {**pulled, "values": chart.get("values", {}), "revision": chart["version"]}
    return source


def _member(cluster: Data) -> Data:
    return {"cluster": cluster["name"], "context": cluster["context"], "site": cluster["site"]}


def _clusters(sites: list[Data]) -> list[Data]:
    return [cluster for site in sites for cluster in site["clusters"]]
