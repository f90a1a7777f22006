"""Variants of the rendered repository: what people make of it, and other ways to write the same."""

from __future__ import annotations

import copy
import json
import re

import yaml

from tests.false_alarms.tree import Data, Tree, dump
from tests.false_alarms.variant import of_tree

KEY = "arn:aws:kms:eu-west-1:111122223333:key/a"
FAKE = "Zm9yIHRlc3RzIG9ubHk"


def manifests(tree: Tree) -> list[str]:
    """Return the manifests of a repository, its estate file and hidden files left out."""
    return [path for path in sorted(tree.files) if path.startswith("sites/") and path.endswith(".yaml")]


def forget_estate_file(tree: Tree) -> None:
    """Remove the estate file; that vCenter's certificate is not checked, as in the lab, only it could excuse."""
    del tree.files["estate.yaml"]
    for path in tree.paths("sites/*/management/clusters/*.yaml"):
        thumbprint = "tlsThumbprint: " + ":".join(["AB"] * 20)
        tree.files[path] = tree.files[path].replace('tlsThumbprint: ""', thumbprint)


def add(tree: Tree, folder: str, name: str, text: str) -> None:
    """Put a file into a kustomized folder, listed."""
    tree.files[f"{folder}/{name}"] = text.lstrip()
    path = f"{folder}/kustomization.yaml"
    tree.files[path] = tree.files[path].rstrip() + f"\n  - {name}\n"


def add_app(tree: Tree, name: str, text: str) -> None:
    """Apply more objects with the first application of every cluster."""
    for cluster in tree.clusters():
        apps = [path for path in tree.paths(f"{cluster}/apps/*/kustomization.yaml") if path.count("/") == 6]
        add(tree, apps[0].rpartition("/")[0], name, text)


# The same content in other words


@of_tree("lab", "argocd", "three-sites")
def without_estate_file(tree: Tree) -> None:
    """The repository lives on without the file that it was made from."""
    forget_estate_file(tree)


@of_tree("lab", "argocd")
def readme_and_pipelines_rewritten(tree: Tree) -> None:
    """Nobody has to keep the generated texts."""
    tree.files["README.md"] = "# Ours\n\n`currentClusterIsLeader: true` everywhere? No.\n"
    tree.remove(".gitlab-ci.yml")
    tree.files[".github/workflows/release.yaml"] = "on: [push]\njobs: {x: {steps: [{run: 'echo ${{ 1 }}'}]}}\n"


@of_tree("lab", "argocd", "three-sites")
def folders_renamed(tree: Tree) -> None:
    """Any folder names will do as long as the paths in the syncs follow."""
    forget_estate_file(tree)
    tree.move("sites", "locations")


@of_tree("lab", "argocd")
def line_ends_of_windows(tree: Tree) -> None:
    """Editors on Windows end lines in their own way."""
    for path in manifests(tree):
        tree.files[path] = tree.files[path].replace("\n", "\r\n")


@of_tree("lab", "argocd")
def byte_order_mark(tree: Tree) -> None:
    """Other editors put a mark before the first byte."""
    for path in manifests(tree):
        tree.files[path] = "\ufeff" + tree.files[path]


@of_tree("lab", "argocd")
def json_in_yaml(tree: Tree) -> None:
    """JSON is YAML."""
    for path in manifests(tree):
        documents = [json.dumps(found, indent=1) for found in tree.documents(path)]
        tree.files[path] = "\n---\n".join(documents) + "\n"


@of_tree("lab", "argocd")
def flow_style(tree: Tree) -> None:
    """Everything in one line, sorted, quoted where that tool quotes."""
    for path in manifests(tree):
        documents = [yaml.safe_dump(found, default_flow_style=True, width=4096) for found in tree.documents(path)]
        tree.files[path] = "--- ".join(["", *documents])


@of_tree("lab", "argocd")
def block_style(tree: Tree) -> None:
    """Sorted keys, indentation of another tool, markers for the end of documents."""
    for path in manifests(tree):
        documents = [yaml.safe_dump(found, indent=4, explicit_start=True) for found in tree.documents(path)]
        tree.files[path] = "...\n".join(documents)


@of_tree("lab", "argocd")
def everything_quoted(tree: Tree) -> None:
    """Quotes around every text."""
    for path in manifests(tree):
        documents = [yaml.safe_dump(found, default_style='"', width=4096) for found in tree.documents(path)]
        tree.files[path] = "---\n".join(documents).replace('!!bool "', "").replace('!!int "', "")
        tree.files[path] = re.sub(r'(: |- )(true|false|-?\d+)"$', r"\1\2", tree.files[path], flags=re.MULTILINE)


@of_tree("lab", "argocd")
def comments_everywhere(tree: Tree) -> None:
    """Comments at the head, between lines and at their ends; none of them is a suppression."""
    for path in manifests(tree):
        text = re.sub(r"^( *)(\w+:) *$", r"\1\2 # estate of ours\n\1# ---", tree.files[path], flags=re.MULTILINE)
        tree.files[path] = "# yamllint disable rule:line-length\n# {{ not a template }}\n\n" + text


@of_tree("lab", "three-sites")
def anchors_and_aliases(tree: Tree) -> None:
    """What is repeated within a document stands there once."""

    def shared(found: Data) -> None:
        if "federation" in found["spec"].get("values", {}):
            found["spec"]["upgrade"] = found["spec"]["install"]

    tree.change("*/amko/release.yaml", "HelmRelease", shared)
    assert "*id001" in tree.files[tree.paths("*/amko/release.yaml")[0]]


@of_tree("lab")
def merge_keys(tree: Tree) -> None:
    """A merge key takes the common settings of two blocks."""
    for path in tree.paths("*/ako/release.yaml"):
        text = tree.files[path]
        start, end = text.index("  install:"), text.index("  upgrade:")
        block = text[start:end].replace("  install:", "  install: &policy")
        rest = text[end:].replace(text[start:end].replace("install", "upgrade"), "  upgrade:\n    <<: *policy\n")
        assert "<<:" in rest
        tree.files[path] = text[:start] + block + rest


@of_tree("lab", "argocd", "three-sites")
def one_file_for_each_folder(tree: Tree) -> None:
    """All objects of a folder in one file with several documents."""
    for folder in sorted({path.rpartition("/")[0] for path in manifests(tree)}):
        listed = yaml.safe_load(tree.files.get(f"{folder}/kustomization.yaml", "{}"))
        files = [name for name in listed.get("resources", []) if f"{folder}/{name}" in tree.files]
        plain = [name for name in files if "secret" not in name and "sops" not in name and "sealed" not in name]
        if len(plain) < 2:
            continue
        whole = [found for name in plain for found in tree.documents(f"{folder}/{name}")]
        for name in plain:
            del tree.files[f"{folder}/{name}"]
        tree.files[f"{folder}/all.yaml"] = dump(whole)
        listed["resources"] = [*(name for name in listed["resources"] if name not in plain), "all.yaml"]
        tree.files[f"{folder}/kustomization.yaml"] = dump([listed])


@of_tree("lab", "argocd")
def lists_of_objects(tree: Tree) -> None:
    """`kind: List`, as `kubectl get -o yaml` prints it."""
    for path in tree.paths("sites/*/clusters/*/apps/*/ingress.yaml"):
        items = tree.documents(path)
        tree.files[path] = dump([{"apiVersion": "v1", "kind": "List", "items": items}])


@of_tree("lab", "argocd", "three-sites")
def renovate(tree: Tree) -> None:
    """Notes for tools that write versions."""
    for path in tree.paths("sites/*/a*ko/*.yaml"):
        tree.files[path] = re.sub(
            r"^(\s*)((?:version|tag|targetRevision): .*)$",
            r'\1# renovate: datasource=helm depName=ako registryUrl=https://example.com\n\1\2 # {"$imagepolicy": "x:y:tag"}',
            tree.files[path],
            flags=re.MULTILINE,
        )


# Secrets as they are once they are filled in


def encrypted(found: Data) -> Data:
    """Return a Secret as SOPS leaves it, with ciphertext that nothing decrypts."""
    result = copy.deepcopy(found)
    for block in ("data", "stringData"):
        for key in result.get(block, {}):
            result[block][key] = f"ENC[AES256_GCM,data:{FAKE},iv:{FAKE}=,tag:{FAKE}==,type:str]"
    result["sops"] = {
        "age": [
            {
                "recipient": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
                "enc": f"-----BEGIN AGE ENCRYPTED FILE-----\n{FAKE}\n-----END AGE ENCRYPTED FILE-----\n",
            }
        ],
        "lastmodified": "2026-02-03T04:05:06Z",
        "mac": f"ENC[AES256_GCM,data:{FAKE},iv:{FAKE}=,tag:{FAKE}==,type:str]",
        "encrypted_regex": "^(data|stringData)$",
        "version": "3.11.0",
    }
    return result


@of_tree("lab")
def secrets_encrypted(tree: Tree) -> None:
    """SOPS has encrypted every Secret: what is in them can no longer be read."""
    for path in tree.paths("*.sops.yaml"):
        tree.files[path] = dump([encrypted(found) for found in tree.documents(path)])


@of_tree("lab")
def secrets_encrypted_by_a_key_service(tree: Tree) -> None:
    """Older SOPS, keys of a cloud and PGP beside age."""
    tree.edit(".sops.yaml", "    age:", f"    kms: {KEY}\n    pgp: {'A' * 40}\n    age:")
    for path in tree.paths("*.sops.yaml"):
        documents = [encrypted(found) for found in tree.documents(path)]
        for found in documents:
            found["sops"] |= {
                "kms": [{"arn": KEY, "created_at": "2023-01-02T03:04:05Z", "enc": FAKE}],
                "gcp_kms": [],
                "azure_kv": [],
                "hc_vault": [],
                "pgp": [
                    {
                        "created_at": "2023-01-02T03:04:05Z",
                        "enc": f"-----BEGIN PGP MESSAGE-----\n\n{FAKE}\n",
                        "fp": "A" * 40,
                    }
                ],
                "version": "3.7.3",
            }
        tree.files[path] = dump(documents)


@of_tree("argocd")
def secrets_sealed(tree: Tree) -> None:
    """kubeseal has filled in ciphertext."""
    for path in tree.paths("*.sealed.yaml"):
        tree.files[path] = tree.files[path].replace("REPLACE-ME", "AgB" + FAKE * 20)


@of_tree("lab", "argocd", "three-sites")
def secrets_made_elsewhere(tree: Tree) -> None:
    """All Secrets are put into the clusters by hand, so the repository holds none."""
    forget_estate_file(tree)
    kinds = {"Secret", "SealedSecret", "ExternalSecret"}
    for path in manifests(tree):
        documents = tree.documents(path)
        kept = [found for found in documents if found.get("kind") not in kinds]
        if len(kept) == len(documents):
            continue
        tree.files[path] = dump(kept)
        if not kept:
            folder, _, name = path.rpartition("/")
            del tree.files[path]
            tree.edit(f"{folder}/kustomization.yaml", f"  - {name}\n", "")
    for path in [path for path in manifests(tree) if tree.files[path].rstrip().endswith("resources:")]:
        tree.files[path] = tree.files[path].rstrip() + " []\n"


# More in the repository


@of_tree("lab", "argocd")
def unrelated_files(tree: Tree) -> None:
    """Other people's files beside the sites."""
    tree.files |= {
        "docs/mkdocs.yml": "site_name: x\nplugins: [search]\nmarkdown_extensions:\n  - x: !!python/name:a.b\n",
        "terraform/values.yaml.tftpl": "${yamlencode(x)}\n",
        "tools/docker-compose.yaml": "services: {a: {image: a, ports: ['22:22'], environment: {PASSWORD: x}}}\n",
        "tools/chart/Chart.yaml": "apiVersion: v2\nname: tool\nversion: 0.1.0\n",
        "tools/chart/values.yaml": "on: yes\n",
        "tools/chart/templates/x.yaml": "kind: {{ .Values.kind }}\n{{- if .Values.on }}\n",
        "tools/ansible/play.yml": "- hosts: all\n  become: yes\n  tasks: [{name: x, shell: 'echo {{ y }}'}]\n",
        "tools/empty.yml": "",
    }


@of_tree("lab", "argocd", "three-sites")
def other_objects(tree: Tree) -> None:
    """Objects that GSLB has nothing to do with, in the folders of the applications."""
    add_app(
        tree,
        "more.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: monitoring}
spec: {hard: {pods: "20"}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: monitoring}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: scripts, namespace: monitoring}
data: {run.sh: "echo hello"}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: ako, namespace: monitoring}
spec: {endpoints: [{port: metrics}]}
""",
    )


@of_tree("lab", "argocd", "three-sites")
def unselected_ingress(tree: Tree) -> None:
    """An Ingress that is local to each site: no label, a host of the site's own, another controller for a second one."""
    for place, cluster in enumerate(tree.clusters()):
        folder = next(path for path in tree.paths(f"{cluster}/apps/*/kustomization.yaml") if path.count("/") == 6)
        add(
            tree,
            folder.rpartition("/")[0],
            "local.yaml",
            f"""
apiVersion: v1
kind: Namespace
metadata: {{name: local}}
---
apiVersion: v1
kind: Service
metadata: {{name: grafana, namespace: local}}
spec: {{ports: [{{port: 80}}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: grafana, namespace: local}}
spec:
  ingressClassName: avi-lb
  rules:
    - host: grafana.site-{place}.internal.example
      http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: grafana, port: {{number: 80}}}}}}}}]}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {{name: nginx}}
spec: {{controller: k8s.io/ingress-nginx}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: debug, namespace: local}}
spec:
  ingressClassName: nginx
  defaultBackend: {{service: {{name: grafana, port: {{number: 80}}}}}}
""",
        )


@of_tree("lab")
def services_with_names(tree: Tree) -> None:
    """A selected Service of type LoadBalancer, with the same name from AKO or from an annotation in every site."""
    add_app(
        tree,
        "mqtt.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: mqtt}
---
apiVersion: v1
kind: Service
metadata:
  name: mqtt
  namespace: mqtt
  labels: {app: gslb}
  annotations: {external-dns.alpha.kubernetes.io/hostname: mqtt.avi.nsxbaas.homelab}
spec: {type: LoadBalancer, selector: {app: mqtt}, ports: [{port: 8883, targetPort: 8883}]}
""",
    )


@of_tree("lab", "three-sites")
def balancer_that_is_not_global(tree: Tree) -> None:
    """A Service of type LoadBalancer that the policy does not select."""
    add_app(
        tree,
        "syslog.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: syslog}
---
apiVersion: v1
kind: Service
metadata: {name: syslog, namespace: syslog}
spec: {type: LoadBalancer, selector: {app: syslog}, ports: [{port: 514, protocol: UDP}]}
""",
    )


@of_tree("lab")
def wildcard_host(tree: Tree) -> None:
    """A host with a wildcard, the same in every site."""
    forget_estate_file(tree)
    name = "onlineshop.avi.nsxbaas.homelab"
    tree.edit("sites/*/apps/onlineshop/ingress.yaml", f"host: {name}", f"host: '*.{name}'")


@of_tree("lab", "argocd", "three-sites")
def default_class(tree: Tree) -> None:
    """Ingresses without a class, where AKO's is the default one."""
    tree.edit("sites/*/apps/*/ingress.yaml", "  ingressClassName: avi-lb\n", "")


@of_tree("lab", "argocd")
def class_of_your_own(tree: Tree) -> None:
    """An IngressClass of one's own with AKO's controller and an AviInfraSetting."""
    beta = "v1alpha1" if "1.9.2" in tree.files["estate.yaml"] else "v1beta1"
    tree.edit("sites/*/apps/*/ingress.yaml", "ingressClassName: avi-lb", "ingressClassName: avi-edge")
    add_app(
        tree,
        "class.yaml",
        f"""
apiVersion: ako.vmware.com/{beta}
kind: AviInfraSetting
metadata: {{name: edge}}
spec:
  network:
    vipNetworks: [{{networkName: vip-edge, cidr: 10.200.0.0/24}}]
  l7Settings: {{shardSize: MEDIUM}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {{name: avi-edge}}
spec:
  controller: ako.vmware.com/avi-lb
  parameters: {{apiGroup: ako.vmware.com, kind: AviInfraSetting, name: edge}}
""",
    )


@of_tree("three-sites")
def rules_of_ako(tree: Tree) -> None:
    """HostRule, HTTPRule, L4Rule and SSORule of an application, the same in every cluster."""
    for cluster in tree.clusters():
        for path in [path for path in sorted(tree.files) if path == f"{cluster}/apps/shop/kustomization.yaml"]:
            add(
                tree,
                path.rpartition("/")[0],
                "rules.yaml",
                """
apiVersion: ako.vmware.com/v1beta1
kind: HostRule
metadata: {name: shop, namespace: shop}
spec:
  virtualhost:
    fqdn: shop.gslb.acme.example
    fqdnType: Exact
    enableVirtualHost: true
    wafPolicy: shop-waf
    applicationProfile: shop-profile
    analyticsPolicy: {fullClientLogs: {enabled: true, throttle: LOW}}
    tls:
      sslKeyCertificate: {name: shop-tls, type: secret}
      sslProfile: modern
      termination: edge
---
apiVersion: ako.vmware.com/v1beta1
kind: HTTPRule
metadata: {name: shop, namespace: shop}
spec:
  fqdn: shop.gslb.acme.example
  paths:
    - target: /
      healthMonitors: [shop-http]
      loadBalancerPolicy: {algorithm: LB_ALGORITHM_CONSISTENT_HASH, hash: LB_ALGORITHM_CONSISTENT_HASH_SOURCE_IP_ADDRESS}
""",
            )


@of_tree("lab", "argocd", "three-sites")
def third_party_site(tree: Tree) -> None:
    """A site without Kubernetes beside ours, with a share and a priority of its own; the same in every AMKO cluster."""
    host = {"lab": "onlineshop.avi.nsxbaas.homelab", "northwind": "store.apps.northwind.example"}
    name = yaml.safe_load(tree.files["estate.yaml"])["name"].removeprefix("nsxbaas-")
    fqdn = host.get(name, "shop.gslb.acme.example")
    contexts: dict[str, None] = {}
    amko = [path for path in manifests(tree) if re.search(r"/amko/(release|application)\.yaml$", path)]
    for path in amko:
        contexts.update(dict.fromkeys(re.findall(r"clusterContext: (\S+)", tree.files[path])))
    split = "".join(f"    - {{cluster: {one}, weight: 10, priority: 20}}\n" for one in contexts)
    for path in amko:
        add(
            tree,
            path.rpartition("/")[0],
            "outside.yaml",
            f"""
apiVersion: amko.vmware.com/v1alpha1
kind: GSLBHostRule
metadata: {{name: outside, namespace: avi-system}}
spec:
  fqdn: {fqdn}
  ttl: 20
  thirdPartyMembers:
    - {{site: public-cloud, vip: 203.0.113.10}}
  trafficSplit:
{split}    - {{cluster: public-cloud, weight: 5, priority: 20}}
""",
        )


# More ways to run it


@of_tree("lab", "three-sites")
def flux_settings(tree: Tree) -> None:
    """Settings of Flux that are a matter of taste."""

    def sync(found: Data) -> None:
        if found["apiVersion"].startswith("kustomize.toolkit"):
            found["spec"].update(interval="1h30m", force=False, deletionPolicy="MirrorPrune")
            found["spec"]["commonMetadata"] = {"labels": {"team": "platform"}}

    def release(found: Data) -> None:
        found["spec"].update(maxHistory=3, timeout="20m", test={"enable": False})

    tree.change("sites/*/sync.yaml", "Kustomization", sync)
    tree.change("sites/*/release.yaml", "HelmRelease", release)


@of_tree("argocd")
def argo_cd_settings(tree: Tree) -> None:
    """Settings of Argo CD that are a matter of taste."""

    def application(found: Data) -> None:
        found["spec"]["revisionHistoryLimit"] = 3
        found["metadata"].setdefault("labels", {})["team"] = "platform"
        found["spec"]["info"] = [{"name": "owner", "value": "platform"}]

    tree.change("sites/*/sync.yaml", "Application", application)
    tree.change("sites/*/application.yaml", "Application", application)


@of_tree("lab", "argocd")
def own_tolerations(tree: Tree) -> None:
    """Nodes with taints, AKO and AMKO on them; the checksum follows the values."""
    for chart in ("ako", "amko"):
        tree.values(chart, _tolerate)


def _tolerate(values: Data) -> None:
    values["tolerations"].append({"key": "infra", "operator": "Exists", "effect": "NoSchedule"})
    values["nodeSelector"] = {"pool": "infra"}


@of_tree("lab", "argocd", "three-sites")
def logs_turned_up_by_hand(tree: Tree) -> None:
    """Log levels, of which the estate file says nothing, are turned up for a while."""

    def turn_up(values: Data) -> None:
        values["AKOSettings"]["logLevel"] = "DEBUG"

    def turn_up_amko(values: Data) -> None:
        values["configs"]["logLevel"] = "DEBUG"

    tree.values("ako", turn_up)
    tree.values("amko", turn_up_amko)


@of_tree("lab", "argocd", "three-sites")
def labels_by_kustomize(tree: Tree) -> None:
    """The label that the policy selects by may come from the kustomization."""
    for path in tree.paths("sites/*/apps/*/ingress.yaml"):
        text = tree.files[path]
        found = re.search(r"  labels:\n    (.+): (.+)\n", text)
        if found is None:
            continue
        tree.files[path] = text.replace(found[0], "")
        folder = path.rpartition("/")[0]
        listed = f"labels:\n  - pairs:\n      {found[1]}: {found[2]}\n"
        tree.files[f"{folder}/kustomization.yaml"] = tree.files[f"{folder}/kustomization.yaml"].rstrip() + "\n" + listed


@of_tree("lab", "argocd", "three-sites")
def ingress_by_component(tree: Tree) -> None:
    """The Ingress comes from a component, which a patch completes."""
    for path in tree.paths("sites/*/apps/*/ingress.yaml"):
        folder = path.rpartition("/")[0]
        component = f"{folder}/exposed"
        tree.files[f"{component}/ingress.yaml"] = tree.files.pop(path)
        tree.files[f"{component}/kustomization.yaml"] = (
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [ingress.yaml]\n"
        )
        listing = tree.files[f"{folder}/kustomization.yaml"].replace("  - ingress.yaml\n", "").rstrip()
        tree.files[f"{folder}/kustomization.yaml"] = f"{listing}\ncomponents: [exposed]\n"


@of_tree("lab", "three-sites")
def ingress_patched(tree: Tree) -> None:
    """The base has a host of nobody, and each cluster's kustomization puts in the right one."""
    for path in tree.paths("sites/*/apps/*/ingress.yaml"):
        folder = path.rpartition("/")[0]
        found = re.search(r"host: (\S+)", tree.files[path])
        assert found
        tree.files[path] = tree.files[path].replace(found[0], "host: replaced.invalid")
        patch = (
            "patches:\n  - target: {kind: Ingress}\n    patch: |\n"
            f"      - op: replace\n        path: /spec/rules/0/host\n        value: {found[1]}\n"
        )
        tree.files[f"{folder}/kustomization.yaml"] = tree.files[f"{folder}/kustomization.yaml"].rstrip() + "\n" + patch
