"""Estate files drawn by chance, each a right one: what `estate new` takes, `estate validate` must be silent about.

`python -m tests.false_alarms.drawn FIRST LAST` draws and checks that many; a seed always gives the same file.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.false_alarms.tree import Data
from validator.errors import EstateError
from validator.facts import ako, amko, served
from validator.lifecycle.render import render
from validator.options import Options
from validator.runner import run

TKG = (
    ("2.1", "v1.24.9+vmware.1"),
    ("2.1.1", "v1.24.10+vmware.1"),
    ("2.2", "v1.25.7+vmware.2"),
    ("2.3", "v1.26.5+vmware.2"),
    ("2.4", "v1.27.5+vmware.1"),
    ("2.5", "v1.28.7+vmware.1"),
    ("2.5", "v1.29.15+vmware.1"),
)
AVI = ("21.1.6", "22.1.2", "22.1.3", "22.1.4", "22.1.5", "22.1.7", "30.1.1", "30.1.2", "30.2.1", "30.2.2", "31.1.1")
CLOUDS = ("vcenter", "vcenter", "nsxt-overlay", "nsxt-overlay", "nsxt-vlan", "none", "aws", "azure", "gcp", "openstack")
SITES = ("site01", "ams", "frankfurt-am-main-east-1", "a", "dc-2", "eu-west", "sued", "x1", "tokyo3")
THUMBPRINT = ":".join(f"{number:02X}" for number in range(60, 80))
WORDS = ("shop", "ledger", "wiki", "docs", "api", "mqtt-bridge", "a", "onlineshop-frontend-customer-facing", "v2")


def draw(seed: int) -> Data:
    """Return the estate file of a seed."""
    return _Draw(random.Random(seed)).estate()  # noqa: S311  # chance is for variety here


class _Draw:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.ako = chance.choice([name for name in ako.releases() if self._kubernetes(name)])
        self.amko = chance.choice([name for name in amko.releases() if amko.pairs(name, self.ako)])
        self.tkg, self.kubernetes = chance.choice(self._kubernetes(self.ako))
        release = ako.find(self.ako)
        assert release
        self.avi = [name for name in AVI if release.avi_enforced.holds(name) is True]
        self.octet = 0

    @staticmethod
    def _kubernetes(name: str) -> list[tuple[str, str]]:
        release = ako.find(name)
        assert release
        return [
            pair
            for pair in TKG
            if release.kubernetes_enforced.holds(pair[1]) and release.kubernetes_documented.holds(pair[1])
        ]

    def maybe(self, odds: float = 0.3) -> bool:
        return self.chance.random() < odds

    def some(self, target: Data, odds: float, **settings: object) -> None:
        """Put in each of some settings by chance."""
        for key, value in settings.items():
            if self.maybe(odds):
                target[key] = value

    def estate(self) -> Data:
        chance = self.chance
        domains = [["gslb.acme.example"], ["avi.acme.example", "edge.acme.example"], ["a.b.acme.example"]]
        names = chance.sample(SITES, chance.choice((1, 1, 2, 2, 2, 3, 4, 5)))
        sites = [self.site(name) for name in names]
        for number, one in enumerate([cluster for site in sites for cluster in site["clusters"]]):
            if self.maybe(0.15):
                one["context"] = chance.choice(("admin@{}", "{}.prod", "kubernetes-admin-{}", "ctx_{}", "K{}")).format(
                    number
                )
        members = [
            c for site in sites for c in site["clusters"] if c.get("member", True) and c["ako"].get("enabled", True)
        ]
        if not members:
            first = sites[0]["clusters"][0]
            first.pop("member", None)
            first["ako"].pop("enabled", None)
            members = [first]
        leader = chance.choice(members)
        leader["amko"] = True
        for one in members:
            if self.maybe(0.5):
                one["amko"] = True
        versions = {"tkg": self.tkg, "ako": self.ako, "amko": self.amko}
        engine = chance.choice(("flux", "argocd"))
        old = {"flux": ("2.5", "2.6", "2.7", "2.8", "2.9"), "argocd": served.minors("argocd")[-12:]}
        self.some(
            versions,
            0.6,
            flux=chance.choice(old["flux"]),
            argocd=chance.choice(old["argocd"]),
            externalSecrets=chance.choice(served.minors("externalSecrets")),
            sealedSecrets=chance.choice(served.minors("sealedSecrets")),
        )
        estate: Data = {
            "name": chance.choice(("acme", "nsxbaas-lab", "e", "a-long-name-of-an-estate-for-everything")),
            "engine": engine,
            "git": {
                "url": chance.choice(("https://git.acme.example/p/estate.git", "ssh://git@git.acme.example:2222/p/e"))
            },
            "secrets": self.secrets(),
            "versions": versions,
            "gslb": {
                "leader": next(site["name"] for site in sites if leader in site["clusters"]),
                "domains": chance.choice(domains),
                "parentZone": "acme.example",
            },
            "sites": sites,
        }
        self.some(estate["git"], 0.3, branch=chance.choice(("main", "release/1.0", "prod")))
        if self.maybe(0.2):
            estate["charts"] = {"ako": {"url": "oci://harbor.acme.example/avi/ako"}}
        if self.maybe(0.2):
            estate.setdefault("charts", {})["amko"] = {"url": "https://harbor.acme.example/chartrepo/avi"}
        estate["amko"] = self.policy(leader["name"], [one["name"] for one in members])
        estate["apps"] = self.apps(estate, sites, members)
        return estate

    def secrets(self) -> Data:
        found: Data = {
            "backend": self.chance.choice(("sops", "sealed-secrets", "external-secrets")),
            "sops": {"age": ["age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya"]},
        }
        store = {"kind": self.chance.choice(("SecretStore", "ClusterSecretStore")), "name": "vault"}
        self.some(
            found,
            0.5,
            sealedSecrets={"controllerName": "sealed", "controllerNamespace": "sealed-secrets"},
            externalSecrets={"store": store, "prefix": "team/estate", "refreshInterval": "1h30m"},
        )
        return found

    def site(self, name: str) -> Data:
        chance = self.chance
        self.octet += 1
        base = f"10.{self.octet}"
        kind = chance.choice(CLOUDS)
        folder = name.upper()
        dns: Data = {"virtualService": f"dns-{name}", "address": f"{base}.0.53", "serviceEngineGroup": "gslb-dns"}
        self.some(dns, 0.3, host=f"ns-{name}.acme.example")
        avi: Data = {
            "controller": chance.choice((f"{base}.0.10", f"avi-{name}.acme.example")),
            "version": chance.choice(self.avi),
            "cloud": {"name": chance.choice(("Default-Cloud", f"cloud {name}", f"{name}-vc")), "type": kind},
            "dns": dns,
        }
        self.some(avi, 0.3, tenant=chance.choice(("platform", "admin", "Team A")))
        vcenter: Data = {
            "server": f"vc-{name}.acme.example",
            "datacenter": f"/{folder}",
            "datastore": f"/{folder}/datastore/vsan 01",
            "folder": f"/{folder}/vm/tkg",
            "network": f"/{folder}/network/nodes",
            "resourcePool": f"/{folder}/host/c1/Resources",
        }
        vcenter.update(chance.choice(({"insecure": True}, {"tlsThumbprint": THUMBPRINT})))
        self.some(
            vcenter,
            0.3,
            cloneMode="linkedClone",
            storagePolicy="gold policy",
            sshAuthorizedKeys=["ssh-ed25519 " + "A" * 68 + " ops@acme"],
        )
        management: Data = {"cluster": f"{name}-mgmt"}
        self.some(management, 0.3, namespace=chance.choice(("workloads", "default", "tkg")))
        self.some(management, 0.2, context=f"mgmt-{name}")
        clusters = [self.cluster(name, kind, base, number) for number in range(chance.choice((1, 1, 1, 2, 3)))]
        return {"name": name, "avi": avi, "vcenter": vcenter, "management": management, "clusters": clusters}

    def cluster(self, site: str, kind: str, base: str, number: int) -> Data:
        chance = self.chance
        name = chance.choice((f"{site}-wld-{number}", f"{site}-p{number}", f"k{number}-{site}"))[:32]
        cluster: Data = {
            "name": name,
            "kubernetes": self.kubernetes,
            "endpoint": chance.choice((f"{base}.1.{number + 1}", f"api-{name}.acme.example")),
            "pods": [f"100.{96 + 4 * number}.0.0/14"],
            "ako": self.ako_settings(kind, base, number),
        }
        cni = (
            "antrea"
            if cluster["ako"].get("serviceType") == "NodePortLocal"
            else chance.choice(("antrea", "calico", "none"))
        )
        self.some(cluster, 0.5, cni=cni)
        if "cni" not in cluster and cluster["ako"].get("cniPlugin"):
            del cluster["ako"]["cniPlugin"]
        if cluster.get("cni") == "none":
            cluster["ako"]["cniPlugin"] = chance.choice(("canal", "flannel", "calico", "antrea"))
            if cluster["ako"].get("serviceType") == "NodePortLocal":
                cluster["ako"]["cniPlugin"] = "antrea"
        self.some(
            cluster,
            0.15,
            endpointPort=8443,
            services=["100.64.0.0/16"],
            os=chance.choice(({"name": "ubuntu", "version": "20.04"}, {"name": "photon", "version": "3"}, {})),
            controlPlane={"replicas": chance.choice((1, 3, 5)), "cpus": 4},
            nodePools=[{"name": "md-0", "replicas": 2}, {"name": "edge", "replicas": 2, "labels": {"a.b/c": "true"}}],
            certificateRotation={"activate": False},
            auditLogging=False,
            podSecurity={"enforce": "baseline"},
            ntpServers=["ntp.acme.example", "10.0.0.1"],
            nameservers=["10.0.0.2"],
            searchDomains=["acme.example"],
            additionalFqdns=[f"{name}.acme.example"],
            trustedCAs=[{"name": "proxy", "data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="}],
            proxy={"httpProxy": "http://p.acme.example:3128", "httpsProxy": "http://p.acme.example:3128"},
            imageRepository={"host": "harbor.acme.example/tkg"},
        )
        if "trustedCAs" in cluster and "imageRepository" in cluster:
            cluster["imageRepository"]["tlsCertificateValidation"] = False
        if self.maybe(0.1):
            cluster["member"] = False
        return cluster

    def ako_settings(self, kind: str, base: str, number: int) -> Data:
        chance = self.chance
        found: Data = {
            "vipNetwork": {"name": chance.choice((f"vip-{number}", "VM Network")), "cidr": f"{base}.20.0/24"},
            "serviceEngineGroup": f"group-{number}",
        }
        if number and self.maybe(0.15):
            found["enabled"] = False
        mode = chance.choice(("ClusterIP", "ClusterIP", "NodePort", "NodePortLocal"))
        self.some(found, 0.7, serviceType=mode)
        if found.get("serviceType") == "NodePort" and self.maybe():
            found["nodePortSelector"] = {"key": "pool", "value": "edge"}
        if kind == "nsxt-overlay":
            found["nsxtT1LR"] = f"/infra/tier-1s/t1-{number}"
        elif kind in {"vcenter", "nsxt-vlan"} and self.maybe(0.2):
            found["nodeNetworks"] = [{"name": "nodes", "cidrs": [f"{base}.30.0/24"]}]
        self.some(
            found,
            0.2,
            clusterName=f"c_{self.octet}_{number}",
            replicas=2,
            logLevel=chance.choice(("DEBUG", "INFO", "ERROR")),
            shardVSSize=chance.choice(("LARGE", "MEDIUM", "SMALL", "DEDICATED")),
            layer7Only=True,
            defaultIngress=False,
        )
        if self.maybe(0.3):
            found["values"] = self.values()
        return found

    def values(self) -> Data:
        found: Data = {}
        choices: list[Data] = [
            {"AKOSettings": {"enableEVH": True}},
            {"AKOSettings": {"enableEVH": True, "vipPerNamespace": "true"}},
            {"AKOSettings": {"apiServerPort": 8081, "fullSyncFrequency": "900"}},
            {"AKOSettings": {"blockedNamespaceList": ["kube-system"]}},
            {"NetworkSettings": {"enableRHI": True}},
            {"L4Settings": {"autoFQDN": "disabled"}},
            {"L4Settings": {"autoFQDN": "flat"}},
            {"resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}},
            {"tolerations": [{"key": "infra", "operator": "Exists"}], "nodeSelector": {"pool": "infra"}},
            {"L7Settings": {"passthroughShardSize": "MEDIUM"}},
            {"L7Settings": {"noPGForSNI": True}},
            {"persistentVolumeClaim": "logs", "mountPath": "/log", "logFile": "ako.log"},
        ]
        for block in self.chance.sample(choices, 2):
            for key, value in block.items():
                found[key] = {**found[key], **value} if isinstance(found.get(key), dict) else value
        return found

    def policy(self, leader: str, members: list[str]) -> Data:
        chance = self.chance
        found: Data = {"leader": leader, "uuid": "7c0f3f52-6e0b-4a52-9d0a-2f8a51d4c6be"}
        selectors: list[Data] = [
            {"appSelector": {"app": "gslb"}},
            {"namespaceSelector": {"gslb": "yes"}},
            {"appSelector": {"acme.example/gslb": "true"}, "namespaceSelector": {"tier": "edge"}},
        ]
        found.update(chance.choice(selectors))
        names = list(members)
        chance.shuffle(names)
        self.some(
            found,
            0.25,
            refreshInterval=chance.choice((60, 600, 3600)),
            logLevel=chance.choice(("DEBUG", "WARN", "ERROR")),
            ttl=chance.choice((1, 30, 86400)),
            trafficSplit=[
                {"cluster": name, "weight": 1 + n % 20, "priority": 10 * (n % 2) + 10} for n, name in enumerate(names)
            ],
            poolAlgorithm=chance.choice(
                (
                    {"lbAlgorithm": "GSLB_ALGORITHM_ROUND_ROBIN"},
                    {"lbAlgorithm": "GSLB_ALGORITHM_CONSISTENT_HASH", "hashMask": 31},
                    {"lbAlgorithm": "GSLB_ALGORITHM_TOPOLOGY"},
                    {"lbAlgorithm": "GSLB_ALGORITHM_GEO", "geoFallback": {"lbAlgorithm": "GSLB_ALGORITHM_ROUND_ROBIN"}},
                )
            ),
            downResponse=chance.choice(
                (
                    {"type": "GSLB_SERVICE_DOWN_RESPONSE_NONE"},
                    {"type": "GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP", "fallbackIP": "192.0.2.1"},
                )
            ),
        )
        monitors: list[Data] = [{"healthMonitorRefs": ["hm-1", "hm-2"]}, {"healthMonitorTemplate": "hm"}, {}, {}]
        found.update(chance.choice(monitors))
        if self.amko not in {"1.9.1", "1.10.1"} and self.maybe(0.2):
            found["tenant"] = "gslb"
        return found

    def apps(self, estate: Data, sites: list[Data], members: list[Data]) -> list[Data]:
        chance = self.chance
        found = []
        for name in chance.sample(WORDS, chance.choice((0, 1, 1, 2, 3, 4))):
            app: Data = {
                "name": name,
                "namespace": chance.choice((name, "apps")),
                "service": "frontend",
                "port": chance.choice((80, 8443)),
                "host": f"{name}.{chance.choice(estate['gslb']['domains'])}",
                "mode": "active-active",
            }
            serving = [site for site in sites if any(one in site["clusters"] for one in members)]
            where = chance.choice(serving)["name"]
            if len(serving) > 1 and self.maybe():
                app.update(mode="active-standby", primary=where)
            elif self.maybe():
                app.update(mode="single-site", site=where)
            elif self.maybe(0.2):
                app["clusters"] = [one["name"] for one in chance.sample(members, chance.randint(1, len(members)))]
            commit = {"commit": "0123456789abcdef0123456789abcdef01234567"}
            self.some(
                app,
                0.25,
                path=chance.choice(("/v1", "/", "/a/b")),
                tls={"secret": f"{name[:40]}-tls"},
                pullSecret={"name": "pull", "registry": "harbor.acme.example"},
                source={
                    "git": {
                        "url": "https://git.acme.example/p/app",
                        **chance.choice((commit, {"tag": "v1"})),
                        "path": "k",
                    }
                },
            )
            found.append(app)
        return found


def check(seed: int) -> Iterator[str]:
    """Yield what is found in the repository of a seed; an estate file that is refused gives `refused`."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "estate.yaml"
        file.write_text(yaml.safe_dump(draw(seed), sort_keys=False), encoding="utf-8")
        try:
            made = render(file, Path(folder) / "made")
        except EstateError as error:
            yield f"refused: {error}"
            return
        for found in run(made, Options(kubeconform="off")).findings:
            yield f"{found.rule} {found.path}:{found.line}:{found.column} {found.message}"


def main() -> None:
    """Draw and check the seeds of the command line."""
    first, last = map(int, sys.argv[1:3])
    for seed in range(first, last):
        for line in check(seed):
            print(f"{seed}: {line}", flush=True)


if __name__ == "__main__":
    main()
