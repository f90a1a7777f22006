"""Variants of the estate file: what an estate may be."""

from __future__ import annotations

from collections.abc import Iterator

from tests.false_alarms.tree import Data
from tests.false_alarms.variant import of_estate

APP = {"name": "wiki", "namespace": "wiki", "service": "wiki", "port": 80, "mode": "active-active"}
DOMAIN = {"lab": "avi.nsxbaas.homelab", "argocd": "apps.northwind.example", "three-sites": "gslb.acme.example"}


def clusters(estate: Data) -> Iterator[Data]:
    """Yield the clusters of an estate file."""
    for site in estate["sites"]:
        yield from site["clusters"]


def each_ako(estate: Data, **settings: object) -> None:
    for cluster in clusters(estate):
        cluster["ako"].update(settings)


def each_value(estate: Data, **values: Data) -> None:
    """Add raw chart values to every AKO."""
    for cluster in clusters(estate):
        own = cluster["ako"].setdefault("values", {})
        for block, settings in values.items():
            own.setdefault(block, {}).update(settings)


def app(estate: Data, **settings: object) -> Data:
    """Add an application, by default one that is active in every member cluster."""
    domain = estate["gslb"]["domains"][0]
    found: Data = {**APP, "host": f"wiki.{domain}", **settings}
    estate["apps"].append(found)
    return found


@of_estate("lab", "argocd", "three-sites")
def no_apps(estate: Data) -> None:
    """The platform is there before the first application."""
    estate["apps"] = []


@of_estate("lab")
def argo_cd_with_sealed_secrets(estate: Data) -> None:
    """The lab with the other engine."""
    estate["engine"] = "argocd"
    estate["secrets"]["backend"] = "sealed-secrets"


@of_estate("lab")
def argo_cd_with_sops(estate: Data) -> None:
    """Argo CD with a plugin that decrypts, and a chart that must render its own Secret."""
    estate["engine"] = "argocd"


@of_estate("three-sites")
def argo_cd_with_external_secrets(estate: Data) -> None:
    """Current releases under Argo CD, secrets from a store."""
    estate["engine"] = "argocd"


@of_estate("argocd")
def flux_with_sealed_secrets(estate: Data) -> None:
    """The Argo CD example under Flux."""
    estate["engine"] = "flux"


@of_estate("lab")
def flux_with_external_secrets(estate: Data) -> None:
    """The lab with secrets from a namespaced store."""
    estate["secrets"] = {
        "backend": "external-secrets",
        "externalSecrets": {"store": {"kind": "SecretStore", "name": "estate"}, "prefix": "estate/lab"},
    }


@of_estate("lab", "argocd")
def node_port(estate: Data) -> None:
    """NodePort mode on chosen nodes; the Services of the apps stand elsewhere."""
    each_ako(estate, serviceType="NodePort", nodePortSelector={"key": "pool", "value": "edge"})
    for cluster in clusters(estate):
        cluster["ako"].pop("nodeNetworks", None)


@of_estate("lab", "three-sites")
def node_port_local(estate: Data) -> None:
    """NodePortLocal with Antrea needs no routes to pods, so pod networks may be the same everywhere."""
    each_ako(estate, serviceType="NodePortLocal")
    for cluster in clusters(estate):
        cluster["pods"] = ["100.96.0.0/11"]


@of_estate("three-sites")
def shared_group_without_routes(estate: Data) -> None:
    """Clusters without static routes may share a service engine group on one cloud."""
    for cluster in clusters(estate):
        cluster["ako"].update(serviceType="NodePort", serviceEngineGroup="shared")


@of_estate("lab", "argocd")
def calico(estate: Data) -> None:
    """Another CNI, told to AKO by the estate's default."""
    for cluster in clusters(estate):
        cluster["cni"] = "calico"


@of_estate("three-sites")
def cni_of_your_own(estate: Data) -> None:
    """TKG installs no CNI, and what is installed later is told to AKO."""
    for cluster in clusters(estate):
        cluster["cni"] = "none"
        cluster["ako"].update(cniPlugin="cilium", serviceType="ClusterIP")


@of_estate("lab", "argocd", "three-sites")
def enhanced_virtual_hosting(estate: Data) -> None:
    """EVH instead of SNI, a parent for each namespace."""
    each_value(estate, AKOSettings={"enableEVH": True, "vipPerNamespace": "true"})


@of_estate("three-sites")
def strict_host_names(estate: Data) -> None:
    """One namespace for a host, which EVH can enforce."""
    each_value(estate, AKOSettings={"enableEVH": True}, L7Settings={"fqdnReusePolicy": "Strict"})


@of_estate("lab", "three-sites")
def layer_7_only(estate: Data) -> None:
    """Something else serves Services of type LoadBalancer."""
    each_ako(estate, layer7Only=True)


@of_estate("lab", "argocd", "three-sites")
def dedicated_virtual_services(estate: Data) -> None:
    """A virtual service for every host."""
    each_ako(estate, shardVSSize="DEDICATED")


@of_estate("argocd", "three-sites")
def two_ako_pods(estate: Data) -> None:
    """Active and passive AKO on clusters with several nodes."""
    each_ako(estate, replicas=2)


@of_estate("lab", "argocd")
def quiet_ako(estate: Data) -> None:
    """Settings of logs, events, ports, storage and resources are nobody's business but the owner's."""
    each_ako(estate, logLevel="ERROR")
    each_value(
        estate,
        AKOSettings={"enableEvents": "false", "fullSyncFrequency": "3600", "apiServerPort": 8081},
        resources={"limits": {"cpu": "750m", "memory": "800Mi"}},
        nodeSelector={"kubernetes.io/os": "linux"},
    )
    for cluster in clusters(estate):
        cluster["ako"]["values"].update(persistentVolumeClaim="ako-logs", mountPath="/log", logFile="avi.log")


@of_estate("lab")
def routes_by_bgp(estate: Data) -> None:
    """Virtual addresses announced by BGP, to labelled peers."""
    each_value(estate, NetworkSettings={"enableRHI": True, "bgpPeerLabels": ["dc-core"]})


@of_estate("lab", "three-sites")
def names_by_domain(estate: Data) -> None:
    """Flat names for Services of type LoadBalancer, below a domain of one's own."""
    each_value(estate, L4Settings={"autoFQDN": "flat", "defaultDomain": estate["gslb"]["domains"][0]})


@of_estate("lab", "argocd", "three-sites")
def selected_namespaces(estate: Data) -> None:
    """AKO looks at labelled namespaces alone; what it shall serve has the label."""
    estate["apps"] = []
    each_value(
        estate,
        AKOSettings={
            "namespaceSelector": {"labelKey": "ingress", "labelValue": "avi"},
            "blockedNamespaceList": ["kube-system", "sandbox"],
        },
    )


@of_estate("three-sites")
def gateway_api(estate: Data) -> None:
    """AKO's Gateway API beside its Ingress."""
    each_value(estate, featureGates={"GatewayAPI": True, "EnablePrometheus": True})


@of_estate("lab", "argocd", "three-sites")
def plain_contexts(estate: Data) -> None:
    """Contexts that somebody renamed; any name without a slash will do."""
    for number, cluster in enumerate(clusters(estate)):
        cluster["context"] = f"gslb_{number}.{cluster['name']}"


@of_estate("lab")
def contexts_as_an_administrator_has_them(estate: Data) -> None:
    """Names that other tools give to contexts: with an @, dots, capitals."""
    for cluster, context in zip(clusters(estate), ("kubernetes-admin@site01", "Site02.Prod"), strict=True):
        cluster["context"] = context


@of_estate("lab", "argocd", "three-sites")
def single_site_app(estate: Data) -> None:
    """An application that one site alone serves, declared so."""
    app(estate, mode="single-site", site=estate["sites"][-1]["name"])


@of_estate("lab", "argocd", "three-sites")
def active_standby_app(estate: Data) -> None:
    """One site serves while it is healthy: GSLBHostRules with a priority for every cluster."""
    app(estate, mode="active-standby", primary=estate["sites"][1]["name"])


@of_estate("lab", "argocd", "three-sites")
def tls_app(estate: Data) -> None:
    """TLS in every site, the Secret made by the backend of the estate."""
    app(estate, tls={"secret": "wiki-tls"})


@of_estate("lab", "three-sites")
def several_apps_in_one_namespace(estate: Data) -> None:
    """Applications may share a namespace and a host name's parent, and have paths."""
    domain = estate["gslb"]["domains"][0]
    app(estate, name="docs", host=f"docs.{domain}", path="/docs")
    app(estate, name="search", host=f"search.docs.{domain}", service="search", port=9200)


@of_estate("lab", "three-sites")
def app_in_some_clusters(estate: Data) -> None:
    """An application that is declared for some of the clusters."""
    app(estate, clusters=[cluster["name"] for cluster in clusters(estate)][:1])


@of_estate("three-sites")
def more_domains(estate: Data) -> None:
    """Several delegated sub-domains, nested ones too."""
    estate["gslb"]["domains"] = ["gslb.acme.example", "edge.acme.example", "deep.edge.acme.example"]
    app(estate, host="wiki.deep.edge.acme.example")


@of_estate("argocd", "three-sites")
def tenant_of_gslb(estate: Data) -> None:
    """GSLB services in a tenant of their own."""
    estate["amko"]["tenant"] = "gslb"


@of_estate("lab", "argocd")
def both_selectors(estate: Data) -> None:
    """With two selectors an object needs both labels, and gets them."""
    estate["amko"].update(appSelector={"app": "gslb"}, namespaceSelector={"gslb": "enabled"})


@of_estate("lab")
def namespace_selector(estate: Data) -> None:
    """Whole namespaces instead of labelled Ingresses."""
    del estate["amko"]["appSelector"]
    estate["amko"]["namespaceSelector"] = {"example.com/gslb": "yes"}


@of_estate("lab", "argocd", "three-sites")
def health_monitors(estate: Data) -> None:
    """Federated health monitors of one's own."""
    estate["amko"]["healthMonitorRefs"] = ["gslb-https", "gslb-tcp"]


@of_estate("lab")
def health_monitor_template(estate: Data) -> None:
    """One health monitor as the pattern of all."""
    estate["amko"]["healthMonitorTemplate"] = "gslb-template"


@of_estate("argocd")
def topology(estate: Data) -> None:
    """Members by topology policies of the controller."""
    estate["amko"]["poolAlgorithm"] = {"lbAlgorithm": "GSLB_ALGORITHM_TOPOLOGY"}


@of_estate("lab")
def consistent_hash(estate: Data) -> None:
    """Clients stay with a site by their address."""
    estate["amko"]["poolAlgorithm"] = {"lbAlgorithm": "GSLB_ALGORITHM_CONSISTENT_HASH", "hashMask": 31}


@of_estate("lab", "argocd")
def geography(estate: Data) -> None:
    """The nearest site, round robin where that is not known; all records while everything is down."""
    estate["amko"].update(
        poolAlgorithm={
            "lbAlgorithm": "GSLB_ALGORITHM_GEO",
            "geoFallback": {"lbAlgorithm": "GSLB_ALGORITHM_ROUND_ROBIN"},
        },
        downResponse={"type": "GSLB_SERVICE_DOWN_RESPONSE_ALL_RECORDS"},
        ttl=1,
    )


@of_estate("lab", "argocd")
def weights(estate: Data) -> None:
    """Shares of the traffic, for every cluster; one site stands by for the whole policy."""
    names = [cluster["name"] for cluster in clusters(estate)]
    estate["amko"]["trafficSplit"] = [
        {"cluster": name, "weight": 20 - place, "priority": 100 - 90 * place} for place, name in enumerate(names)
    ]


@of_estate("lab", "argocd")
def third_cluster(estate: Data) -> None:
    """A second cluster in a site: a member without an AMKO, with its own service engine group and pod network."""
    site = estate["sites"][1]
    first = site["clusters"][0]
    network = first["ako"]["vipNetwork"]
    octets = str(first["endpoint"]).rpartition(".")[0]
    ako = {**first["ako"], "serviceEngineGroup": "second", "vipNetwork": network}
    second = {**first, "name": f"b-{first['name']}", "endpoint": f"{octets}.44", "ako": ako, "amko": False}
    second["pods"] = ["100.128.0.0/11"]
    second.pop("context", None)
    site["clusters"].append(second)


@of_estate("lab")
def cluster_that_is_no_member(estate: Data) -> None:
    """A cluster with AKO that GSLB takes nothing from."""
    third_cluster(estate)
    estate["sites"][1]["clusters"][1]["member"] = False


@of_estate("lab")
def cluster_without_ako(estate: Data) -> None:
    """A cluster of the site that Avi has nothing to do with."""
    third_cluster(estate)
    estate["sites"][1]["clusters"][1]["ako"] = {"enabled": False}


@of_estate("argocd")
def amko_in_one_site(estate: Data) -> None:
    """AMKO runs in the leading site alone: no federation, nothing to take over."""
    estate["sites"][1]["clusters"][0]["amko"] = False


@of_estate("lab", "argocd")
def one_site(estate: Data) -> None:
    """An estate that begins with one site and one cluster."""
    del estate["sites"][1:]
    estate["apps"] = [one for one in estate["apps"] if one["mode"] == "active-active"]


@of_estate("lab", "argocd")
def charts_from_a_mirror(estate: Data) -> None:
    """The charts come from a registry of one's own, whatever their age."""
    estate["charts"] = {
        "ako": {"url": "https://harbor.example.com/chartrepo/avi"},
        "amko": {"url": "oci://harbor.example.com/avi/amko"},
    }


@of_estate("lab", "three-sites")
def everything_of_tkg(estate: Data) -> None:
    """Every setting of a cluster that TKG knows."""
    for cluster in clusters(estate):
        cluster.update(
            ntpServers=["10.0.0.123"],
            nameservers=["10.0.0.53"],
            searchDomains=["example.com"],
            additionalFqdns=[f"{cluster['name']}.example.com"],
            auditLogging=False,
            proxy={"httpProxy": "http://proxy.example.com:3128", "httpsProxy": "http://proxy.example.com:3128"},
            imageRepository={"host": "harbor.example.com/tkg", "tlsCertificateValidation": True},
            certificateRotation={"activate": True, "daysBefore": 30},
            podSecurity={"enforce": "privileged", "audit": "restricted", "warn": "restricted"},
        )
        cluster["controlPlane"] = {"replicas": 5, "cpus": 4, "memoryMiB": 16384, "diskGiB": 80}
        cluster["nodePools"] = [
            {"name": "md-0", "replicas": 3, "labels": {"pool": "general"}},
            {"name": "md-1", "replicas": 1, "labels": {"pool": "edge"}, "cpus": 8},
        ]


@of_estate("lab")
def older_tools(estate: Data) -> None:
    """The oldest Flux that can leave alone what TKG owns."""
    estate["versions"]["flux"] = "2.5"
