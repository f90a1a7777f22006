"""Variants of where things stand: the same releases and objects by other ways of Flux, Argo CD and kustomize."""

from __future__ import annotations

import posixpath
import re

import yaml

from tests.false_alarms.manifests import add, add_app, manifests
from tests.false_alarms.tree import Data, Tree, dump
from tests.false_alarms.variant import of_tree, of_tree_commit


def flux_releases(tree: Tree) -> list[tuple[str, Data]]:
    """Return the paths and the objects of the HelmReleases of AKO and AMKO."""
    return [(path, tree.documents(path)[0]) for path in tree.paths("sites/*/a*ko/release.yaml")]


def listing(tree: Tree, folder: str, **settings: object) -> None:
    """Add settings to the kustomization of a folder."""
    path = f"{folder}/kustomization.yaml"
    found = tree.documents(path)[0]
    for key, value in settings.items():
        known = found.get(key)
        found[key] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
    tree.files[path] = dump([found])


# Where the values of a chart come from


@of_tree("lab", "three-sites")
def values_in_a_config_map(tree: Tree) -> None:
    """The values of every release stand in a ConfigMap beside it."""
    for path, release in flux_releases(tree):
        name = f"{release['metadata']['name']}-values"
        values = release["spec"].pop("values")
        release["spec"].setdefault("valuesFrom", []).append({"kind": "ConfigMap", "name": name})
        tree.files[path] = dump([release])
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "avi-system"}}
        add(tree, posixpath.dirname(path), "values.yaml", dump([{**config, "data": {"values.yaml": dump([values])}}]))


of_tree_commit("lab", "three-sites")(values_in_a_config_map)


@of_tree("lab", "three-sites")
def values_by_a_generator(tree: Tree) -> None:
    """The values stand in a file of their own, from which kustomize makes a ConfigMap."""
    for path, release in flux_releases(tree):
        folder, name = posixpath.dirname(path), f"{release['metadata']['name']}-values"
        tree.files[f"{folder}/values.yaml"] = dump([release["spec"].pop("values")])
        release["spec"].setdefault("valuesFrom", []).append({"kind": "ConfigMap", "name": name})
        tree.files[path] = dump([release])
        generator = {"name": name, "namespace": "avi-system", "files": ["values.yaml"]}
        listing(tree, folder, configMapGenerator=[generator], generatorOptions={"disableNameSuffixHash": True})


@of_tree("lab", "three-sites")
def values_by_a_generator_with_a_hash(tree: Tree) -> None:
    """The ConfigMap gets a hash, and a configuration tells kustomize where it is named."""
    for path, release in flux_releases(tree):
        folder, name = posixpath.dirname(path), f"{release['metadata']['name']}-values"
        tree.files[f"{folder}/values.yaml"] = dump([release["spec"].pop("values")])
        source = {"kind": "ConfigMap", "name": name, "valuesKey": "values.yaml"}
        release["spec"].setdefault("valuesFrom", []).append(source)
        tree.files[path] = dump([release])
        tree.files[f"{folder}/kustomizeconfig.yaml"] = (
            "nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs:\n"
            "      - path: spec/valuesFrom/name\n        kind: HelmRelease\n"
        )
        generator = {"name": name, "namespace": "avi-system", "files": ["values.yaml=values.yaml"]}
        listing(tree, folder, configMapGenerator=[generator], configurations=["kustomizeconfig.yaml"])


@of_tree("lab", "three-sites")
def values_in_two_layers(tree: Tree) -> None:
    """What all clusters share is a ConfigMap, what is a cluster's own stands in its release."""
    for path, release in flux_releases(tree):
        name = f"{release['metadata']['name']}-defaults"
        shared = {"replicaCount": release["spec"]["values"].pop("replicaCount")}
        release["spec"].setdefault("valuesFrom", []).insert(0, {"kind": "ConfigMap", "name": name, "optional": True})
        tree.files[path] = dump([release])
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "avi-system"}}
        add(tree, posixpath.dirname(path), "defaults.yaml", dump([{**config, "data": {"values.yaml": dump([shared])}}]))


@of_tree("lab", "three-sites")
def one_base_for_all_releases(tree: Tree) -> None:
    """The release stands once, and the overlay of each cluster puts in the cluster's values."""
    for chart in ("ako", "amko"):
        paths = tree.paths(f"sites/*/{chart}/release.yaml")
        base = tree.documents(paths[0])[0]
        for path in paths:
            release = tree.documents(path)[0]
            folder = posixpath.dirname(path)
            patch = {key: release[key] for key in ("apiVersion", "kind")}
            patch["metadata"] = {key: release["metadata"][key] for key in ("name", "namespace")}
            patch["spec"] = {"values": release["spec"]["values"]}
            del tree.files[path]
            tree.files[f"{folder}/values.yaml"] = dump([patch])
            up = "/".join([".."] * (folder.count("/") + 1))
            tree.files[f"{folder}/kustomization.yaml"] = dump(
                [
                    {
                        "apiVersion": "kustomize.config.k8s.io/v1beta1",
                        "kind": "Kustomization",
                        "resources": [f"{up}/base/{chart}", "source.yaml"],
                        "patches": [{"path": "values.yaml"}],
                    }
                ]
            )
        del base["spec"]["values"]
        tree.files[f"base/{chart}/release.yaml"] = dump([base])
        tree.files[f"base/{chart}/kustomization.yaml"] = "resources:\n  - release.yaml\n"


of_tree_commit("lab", "three-sites")(one_base_for_all_releases)


@of_tree("lab", "three-sites")
def patches_for_every_release(tree: Tree) -> None:
    """What all releases have alike comes from a patch of the sync that names no release."""

    def sync(found: Data) -> None:
        if found["metadata"]["name"] not in {"ako", "amko"}:
            return
        body = {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": {"name": "_"},
            "spec": {"interval": "30m", "timeout": "15m"},
        }
        target = {"group": "helm.toolkit.fluxcd.io", "kind": "HelmRelease"}
        found["spec"]["patches"] = [{"patch": dump([body]), "target": target}]

    tree.change("sites/*/clusters/*/sync.yaml", "Kustomization", sync)


@of_tree("lab", "three-sites")
def defaults_of_all_syncs(tree: Tree) -> None:
    """What all syncs have alike comes from a patch of the sync above them."""

    def root(found: Data) -> None:
        body = {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": {"name": "_"},
            "spec": {"interval": "10m", "prune": True},
        }
        target = {"group": "kustomize.toolkit.fluxcd.io", "kind": "Kustomization"}
        found["spec"]["patches"] = [{"patch": dump([body]), "target": target}]

    def sync(found: Data) -> None:
        del found["spec"]["interval"]
        del found["spec"]["prune"]

    tree.change("sites/*/flux-system/gotk-sync.yaml", "Kustomization", root)
    tree.change("sites/*/sync.yaml", "Kustomization", sync)


# Where a chart comes from, and where its release stands


@of_tree("lab", "three-sites")
def sources_in_flux_system(tree: Tree) -> None:
    """The sources of the charts stand in the namespace of Flux."""
    for path in tree.paths("sites/*/a*ko/source.yaml"):
        tree.files[path] = tree.files[path].replace("namespace: avi-system", "namespace: flux-system")
    for path, release in flux_releases(tree):
        place = release["spec"].get("chartRef") or release["spec"]["chart"]["spec"]["sourceRef"]
        place["namespace"] = "flux-system"
        tree.files[path] = dump([release])


@of_tree("lab")
def chart_objects(tree: Tree) -> None:
    """A HelmChart of its own, which the release refers to."""
    for path, release in flux_releases(tree):
        spec = release["spec"].pop("chart")["spec"]
        name = release["metadata"]["name"]
        release["spec"]["chartRef"] = {"kind": "HelmChart", "name": name}
        chart = {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "HelmChart",
            "metadata": {"name": name, "namespace": "avi-system"},
            "spec": spec,
        }
        tree.files[path] = dump([release, chart])


@of_tree("lab")
def charts_from_a_registry(tree: Tree) -> None:
    """OCIRepository objects with a tag and a digest, in a mirror of one's own."""
    for path, release in flux_releases(tree):
        spec = release["spec"].pop("chart")["spec"]
        name = release["metadata"]["name"]
        release["spec"]["chartRef"] = {"kind": "OCIRepository", "name": name, "namespace": "avi-system"}
        tree.files[path] = dump([release])
        tree.files[path.replace("release.yaml", "source.yaml")] = dump(
            [
                {
                    "apiVersion": "source.toolkit.fluxcd.io/v1",
                    "kind": "OCIRepository",
                    "metadata": {"name": name, "namespace": "avi-system"},
                    "spec": {
                        "interval": "12h",
                        "url": f"oci://harbor.example.com/avi/{name}",
                        "ref": {"tag": spec["version"]},
                        "layerSelector": {
                            "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                            "operation": "copy",
                        },
                        "secretRef": {"name": "harbor"},
                    },
                }
            ]
        )


@of_tree("lab", "three-sites")
def storage_of_helm(tree: Tree) -> None:
    """Settings of a release that say what is the default, or where Helm keeps its own records."""

    def release(found: Data) -> None:
        found["spec"].update(storageNamespace="avi-system", targetNamespace="avi-system", persistentClient=True)
        found["spec"].update(maxHistory=10, serviceAccountName="deployer", suspend=False)
        found["spec"]["uninstall"] = {"keepHistory": False}
        found["spec"]["rollback"] = {"cleanupOnFail": True}

    tree.change("sites/*/release.yaml", "HelmRelease", release)


# Variables


@of_tree("lab", "three-sites")
def variables(tree: Tree) -> None:
    """Names come from variables of the sync, some with a default."""

    def sync(found: Data) -> None:
        if found["metadata"]["name"].startswith("app-"):
            found["spec"]["postBuild"] = {"substitute": {"class": "avi-lb"}}

    tree.change("sites/*/clusters/*/sync.yaml", "Kustomization", sync)
    tree.edit("sites/*/apps/*/ingress.yaml", "ingressClassName: avi-lb", "ingressClassName: ${class:=nginx}")
    tree.edit("sites/*/apps/*/ingress.yaml", "pathType: Prefix", "pathType: ${path_type:-Prefix}")


@of_tree("lab")
def variables_of_the_cluster(tree: Tree) -> None:
    """A ConfigMap of the cluster gives the variables for its releases."""
    for cluster in tree.clusters():
        name = posixpath.basename(cluster)
        text = (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster-vars, namespace: flux-system}\n"
            f"data: {{cluster_name: {name}, loglevel: WARN}}\n"
        )
        add(tree, cluster, "vars.yaml", text)
        path = f"{cluster}/ako/release.yaml"
        tree.files[path] = tree.files[path].replace(f"clusterName: {name}", "clusterName: ${cluster_name}")
        tree.files[path] = tree.files[path].replace("logLevel: WARN", "logLevel: ${loglevel}")

    def sync(found: Data) -> None:
        if found["metadata"]["name"] == "ako":
            found["spec"]["postBuild"] = {"substituteFrom": [{"kind": "ConfigMap", "name": "cluster-vars"}]}

    tree.change("sites/*/clusters/*/sync.yaml", "Kustomization", sync)


@of_tree("lab", "three-sites")
def variables_of_a_secret(tree: Tree) -> None:
    """A Secret that was made by hand gives variables; scripts with `$` in them are left alone."""

    def sync(found: Data) -> None:
        if found["metadata"]["name"].startswith("app-"):
            source = {"kind": "Secret", "name": "cluster-secrets", "optional": True}
            found["spec"]["postBuild"] = {"substitute": {"tier": "prod"}, "substituteFrom": [source]}

    tree.change("sites/*/clusters/*/sync.yaml", "Kustomization", sync)
    add_app(
        tree,
        "script.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: jobs}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: script
  namespace: jobs
  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}
data:
  run.sh: |
    for i in "${FILES[@]}"; do echo ${i%.txt} $$ $(date); done
---
apiVersion: v1
kind: ConfigMap
metadata: {name: tier, namespace: jobs}
data: {tier: "${tier}", cost: "$$5", escaped: "$${HOME}"}
""",
    )


# Files


@of_tree("lab", "argocd", "three-sites")
def other_endings(tree: Tree) -> None:
    """Files end in `.yml`, and a kustomization needs no ending."""
    for path in [path for path in manifests(tree) if "secret" not in path and "management" not in path]:
        folder, _, name = path.rpartition("/")
        text = tree.files.pop(path)
        if name == "kustomization.yaml":
            tree.files[f"{folder}/Kustomization"] = re.sub(
                r"^(\s*- )((?!.*sops|.*sealed|.*external)\S+)\.yaml$", r"\1\2.yml", text, flags=re.MULTILINE
            )
        else:
            tree.files[f"{folder}/{name.removesuffix('.yaml')}.yml"] = text


@of_tree("lab", "argocd", "three-sites")
def every_object_in_its_own_file(tree: Tree) -> None:
    """Files with several documents are taken apart."""
    for path in [path for path in manifests(tree) if len(tree.documents(path)) > 1]:
        folder, _, name = path.rpartition("/")
        listed = tree.files.get(f"{folder}/kustomization.yaml", "")
        if f"- {name}\n" not in f"{listed}\n":
            continue
        found = tree.documents(path)
        names = [f"{one['kind'].lower()}-{one['metadata']['name']}-{n}.yaml" for n, one in enumerate(found)]
        for file, one in zip(names, found, strict=True):
            tree.files[f"{folder}/{file}"] = dump([one])
        del tree.files[path]
        items = "\n".join(f"  - {file}" for file in names)
        tree.files[f"{folder}/kustomization.yaml"] = f"{listed}\n".replace(f"  - {name}\n", f"{items}\n")


@of_tree("lab", "argocd", "three-sites")
def paths_written_otherwise(tree: Tree) -> None:
    """`./` before files and `/` behind folders, in kustomizations and in syncs."""
    for path in tree.paths("sites/*/kustomization.yaml"):
        tree.files[path] = re.sub(r"^(\s+)- (?!\.)(\S+\.yaml)$", r"\1- ./\2", tree.files[path], flags=re.MULTILINE)
        tree.files[path] = re.sub(r"^(\s+)- ([\w-]+)$", r"\1- ./\2/", tree.files[path], flags=re.MULTILINE)
    for path in tree.paths("sites/*/sync.yaml"):
        tree.files[path] = re.sub(r"path: (?:\./)?(sites/\S+)$", r"path: ./\1/", tree.files[path], flags=re.MULTILINE)


@of_tree("lab", "argocd", "three-sites")
def settings_of_kustomize(tree: Tree) -> None:
    """What kustomize may be told beside its resources."""
    for path in tree.paths("sites/*/apps/*/kustomization.yaml"):
        listing(
            tree,
            posixpath.dirname(path),
            commonAnnotations={"owner": "platform"},
            labels=[{"pairs": {"team": "web"}, "includeSelectors": False, "includeTemplates": True}],
            sortOptions={"order": "fifo"},
            buildMetadata=["originAnnotations"],
            images=[{"name": "frontend", "newTag": "v2"}],
            replicas=[{"name": "frontend", "count": 3}],
            generatorOptions={"labels": {"made": "here"}},
            configMapGenerator=[{"name": "settings", "literals": ["A=1"], "envs": ["app.env"]}],
        )
        tree.files[f"{posixpath.dirname(path)}/app.env"] = "B=2\n"


@of_tree("lab", "argocd", "three-sites")
def prefix_of_something_else(tree: Tree) -> None:
    """A folder with a prefix, a suffix and a namespace for objects that GSLB has nothing to do with."""
    for cluster in tree.clusters():
        folder = next(path for path in tree.paths(f"{cluster}/apps/*/kustomization.yaml") if path.count("/") == 6)
        here = posixpath.dirname(folder)
        tree.files[f"{here}/tools/kustomization.yaml"] = (
            "namePrefix: ops-\nnameSuffix: -v1\nnamespace: tools\nresources: [all.yaml]\n"
            "replacements:\n  - source: {kind: ConfigMap, name: a, fieldPath: data.x}\n"
            "    targets: [{select: {kind: ConfigMap, name: b}, fieldPaths: [data.x], options: {create: true}}]\n"
        )
        tree.files[f"{here}/tools/all.yaml"] = (
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: tools}\n---\n"
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n---\n"
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {}\n"
        )
        listing(tree, here, resources=["tools"])


@of_tree("lab", "argocd", "three-sites")
def ingress_by_generator_of_names(tree: Tree) -> None:
    """The Ingress gets its namespace and its labels from the kustomization."""
    for path in tree.paths("sites/*/apps/*/ingress.yaml"):
        found = tree.documents(path)[0]
        namespace = found["metadata"].pop("namespace")
        labels = found["metadata"].pop("labels", None)
        folder = posixpath.dirname(path)
        tree.files[f"{folder}/exposed/ingress.yaml"] = dump([found])
        del tree.files[path]
        inner: Data = {"resources": ["ingress.yaml"], "namespace": namespace}
        if labels:
            inner["labels"] = [{"pairs": labels}]
        tree.files[f"{folder}/exposed/kustomization.yaml"] = dump([inner])
        tree.edit(f"{folder}/kustomization.yaml", "  - ingress.yaml", "  - exposed")


@of_tree("lab", "three-sites")
def artifact_of_a_folder(tree: Tree) -> None:
    """A pipeline packs `sites` into an artifact, so that paths begin below it."""
    for path in tree.paths("sites/*.yaml"):
        tree.files[path] = tree.files[path].replace("path: ./sites/", "path: ./")
        tree.files[path] = tree.files[path].replace(
            "kind: GitRepository\n    name: flux-system", "kind: OCIRepository\n    name: flux-system"
        )
    for path in tree.paths("sites/*/flux-system/gotk-sync.yaml"):
        found = tree.documents(path)
        for one in found:
            if one["kind"] == "GitRepository":
                one["kind"] = "OCIRepository"
                one["spec"] = {"interval": "1m", "url": "oci://ghcr.io/acme/manifests", "ref": {"tag": "latest"}}
        tree.files[path] = dump(found)


@of_tree("lab", "argocd", "three-sites")
def patches_as_older_kustomize_has_them(tree: Tree) -> None:
    """`patches` lists files, which kustomize takes for strategic merge patches to this day."""
    for path in tree.paths("sites/*/apps/*/ingress.yaml"):
        found = tree.documents(path)[0]
        folder = posixpath.dirname(path)
        patch = {key: found[key] for key in ("apiVersion", "kind")}
        patch["metadata"] = {key: found["metadata"][key] for key in ("name", "namespace")}
        patch["spec"] = {"ingressClassName": found["spec"].pop("ingressClassName")}
        tree.files[path] = dump([found])
        tree.files[f"{folder}/class.yaml"] = dump([patch])
        listing(tree, folder, patches=["class.yaml"])


# Argo CD


@of_tree("argocd")
def values_as_text(tree: Tree) -> None:
    """The values of the charts stand as text in the Applications."""
    for path in tree.paths("sites/*/a*ko/application.yaml"):
        found = tree.documents(path)
        helm = found[0]["spec"]["sources"][0]["helm"]
        helm["values"] = yaml.safe_dump(helm.pop("valuesObject"))
        tree.files[path] = dump(found)


@of_tree("argocd")
def values_in_files(tree: Tree) -> None:
    """The values of the charts stand in files of the same repository, which a second source brings in."""
    for path in tree.paths("sites/*/a*ko/application.yaml"):
        found = tree.documents(path)
        chart, git = found[0]["spec"]["sources"][:2]
        folder = posixpath.dirname(path)
        tree.files[f"{folder}/values/values.yaml"] = dump([chart["helm"].pop("valuesObject")])
        chart["helm"]["valueFiles"] = [f"$estate/{folder}/values/values.yaml"]
        source = {"repoURL": git["repoURL"], "targetRevision": git["targetRevision"], "ref": "estate"}
        found[0]["spec"]["sources"].append(source)
        tree.files[path] = dump(found)


of_tree_commit("argocd")(values_in_files)


@of_tree("argocd")
def values_with_parameters(tree: Tree) -> None:
    """Some values are parameters, as the command line sets them."""
    for path in tree.paths("sites/*/ako/application.yaml"):
        found = tree.documents(path)
        helm = found[0]["spec"]["sources"][0]["helm"]
        level = helm["valuesObject"]["AKOSettings"].pop("logLevel")
        name = helm["valuesObject"]["AKOSettings"].pop("clusterName")
        helm["parameters"] = [
            {"name": "AKOSettings.logLevel", "value": level},
            {"name": "AKOSettings.clusterName", "value": name, "forceString": True},
        ]
        tree.files[path] = dump(found)


@of_tree("argocd")
def project_of_your_own(tree: Tree) -> None:
    """Every Application is of a project that the repository defines."""
    for cluster in tree.clusters():
        add(
            tree,
            cluster,
            "project.yaml",
            """
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: estate, namespace: argocd}
spec:
  sourceRepos: ["*"]
  destinations: [{server: "*", namespace: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
  orphanedResources: {warn: false}
""",
        )
    for path in tree.paths("sites/*/clusters/*.yaml"):
        tree.files[path] = tree.files[path].replace("project: default", "project: estate")


@of_tree("argocd")
def destination_by_name(tree: Tree) -> None:
    """The cluster that Argo CD runs in has a name as well."""
    for path in [path for path in manifests(tree) if "server: https://kubernetes.default.svc" in tree.files[path]]:
        tree.files[path] = tree.files[path].replace("server: https://kubernetes.default.svc", "name: in-cluster")


@of_tree("argocd")
def settings_of_applications(tree: Tree) -> None:
    """Settings that the Applications of some teams have."""

    def application(found: Data) -> None:
        spec = found["spec"]
        spec.setdefault("syncPolicy", {}).setdefault("syncOptions", []).extend(
            ["PruneLast=true", "ApplyOutOfSyncOnly=true"]
        )
        spec["syncPolicy"]["managedNamespaceMetadata"] = {"labels": {"team": "platform"}}
        spec["revisionHistoryLimit"] = 5
        found["metadata"].setdefault("annotations", {})["notifications.argoproj.io/subscribe.on-sync-failed.slack"] = (
            "ops"
        )
        for source in spec.get("sources", []):
            if "helm" in source:
                source["helm"].update(skipCrds=False, passCredentials=False)

    for pattern in ("sites/*/sync.yaml", "sites/*/application.yaml"):
        tree.change(pattern, "Application", application)


@of_tree("argocd")
def apps_by_a_set(tree: Tree) -> None:
    """The Applications of the apps come from an ApplicationSet with a list."""
    for path in tree.paths("sites/*/clusters/*/sync.yaml"):
        kept: list[Data] = []
        moved: list[Data] = []
        for found in tree.documents(path):
            single = found["metadata"]["name"].startswith("app-") and "source" in found["spec"]
            (moved if single else kept).append(found)
        if not moved:
            continue
        model = moved[0]
        spec = dict(model["spec"])
        spec["source"] = {**spec["source"], "path": "{{ .path }}"}
        spec["destination"] = {**spec["destination"], "namespace": "{{ .namespace }}"}
        elements = [
            {
                "name": found["metadata"]["name"],
                "namespace": found["spec"]["destination"]["namespace"],
                "path": found["spec"]["source"]["path"],
            }
            for found in moved
        ]
        metadata = {**model["metadata"], "name": "{{ .name }}"}
        kept.append(
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "ApplicationSet",
                "metadata": {"name": "apps", "namespace": "argocd"},
                "spec": {
                    "goTemplate": True,
                    "goTemplateOptions": ["missingkey=error"],
                    "generators": [{"list": {"elements": elements}}],
                    "template": {"metadata": metadata, "spec": spec},
                },
            }
        )
        tree.files[path] = dump(kept)


# Files of other tools, and of Flux itself


@of_tree("lab", "three-sites")
def more_of_flux(tree: Tree) -> None:
    """Notifications, receivers, image automation and sources of other things."""
    for cluster in tree.clusters():
        add(
            tree,
            cluster,
            "more.yaml",
            """
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: slack, namespace: flux-system}
spec: {type: slack, channel: ops, address: "https://slack.com/api/chat.postMessage", secretRef: {name: slack}}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: all, namespace: flux-system}
spec:
  providerRef: {name: slack}
  eventSeverity: error
  eventSources: [{kind: HelmRelease, name: "*"}, {kind: Kustomization, name: "*"}]
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: push, namespace: flux-system}
spec:
  type: github
  events: [ping, push]
  secretRef: {name: webhook}
  resources: [{kind: GitRepository, name: flux-system}]
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata: {name: podinfo, namespace: flux-system}
spec: {image: ghcr.io/stefanprodan/podinfo, interval: 5m}
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata: {name: podinfo, namespace: flux-system}
spec: {imageRepositoryRef: {name: podinfo}, policy: {semver: {range: 5.0.x}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: {name: backups, namespace: flux-system}
spec: {interval: 5m, provider: generic, bucketName: x, endpoint: minio.example.com}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: jetstack, namespace: flux-system}
spec: {interval: 12h, url: "https://charts.jetstack.io"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cert-manager, namespace: flux-system}
spec:
  interval: 1h
  targetNamespace: cert-manager
  storageNamespace: cert-manager
  install: {createNamespace: true, crds: CreateReplace}
  chart:
    spec:
      chart: cert-manager
      version: "1.x"
      sourceRef: {kind: HelmRepository, name: jetstack}
  values: {installCRDs: true, extraArgs: ["--dns01-recursive-nameservers=1.1.1.1:53"]}
  valuesFrom: [{kind: ConfigMap, name: cert-manager-values, optional: true}]
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: tenants, namespace: flux-system}
spec:
  interval: 10m
  path: ./tenants/production
  prune: true
  sourceRef: {kind: GitRepository, name: tenants}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: tenants, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/platform/tenants", ref: {branch: main}}
""",
        )


@of_tree("lab", "argocd", "three-sites")
def a_monorepo(tree: Tree) -> None:
    """The estate lives in one repository with programs, pipelines and the files of other tools."""
    tree.files |= {
        "src/app/config.yaml": "server: {port: 8080}\nusers: [{name: a, on: yes}]\n",
        "src/app/openapi.yaml": "openapi: 3.0.0\ninfo: {title: x, version: 1.0.0}\npaths: {}\n",
        "src/app/locales/no.yaml": "no: Nei\nyes: Ja\n",
        "infra/terraform/main.tf": 'resource "a" "b" {}\n',
        "infra/terraform/templates/values.yaml": 'name: ${name}\n%{ if enabled }\nx: "${x}"\n%{ endif }\n',
        "infra/ansible/site.yml": "- hosts: all\n  vars:\n    x: !vault |\n      $ANSIBLE_VAULT;1.1\n",
        "infra/ansible/group_vars/all.yml": "port: 0644\nx: !unsafe '{{ y }}'\n",
        "infra/packer/user-data.yaml": "#cloud-config\nwrite_files:\n  - {path: /x, permissions: 0644}\n",
        "infra/helmfile.yaml": "releases:\n{{ range .Values.x }}\n  - name: {{ . }}\n{{ end }}\n",
        "infra/helmfile.d/01.yaml.gotmpl": "{{ x }}\n",
        "infra/skaffold.yaml": "apiVersion: skaffold/v4beta6\nkind: Config\nbuild: {artifacts: []}\n",
        "infra/kind.yaml": "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}]\n",
        "infra/k3d.yaml": "apiVersion: k3d.io/v1alpha5\nkind: Simple\nmetadata: {name: x}\nservers: 1\n",
        "infra/talos/controlplane.yaml": "version: v1alpha1\nmachine: {type: controlplane, install: {disk: /dev/sda}}\n",
        "infra/ytt/config.yaml": "#@ load('@ytt:data', 'data')\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: #@ data.values.x\n",
        "infra/ytt/values.yaml": "#@data/values\n---\nx: 1\n",
        "infra/erb/app.yml": "name: <%= name %>\n<% if x %>\na: [\n<% end %>\n",
        "infra/ftl/app.ftl.yaml": "<#if x>\na: 1\n<#else>\nb: 2\n</#if>\n",
        "infra/tokens/app.yaml": "hosts:\n  <HOST_LIST_OF_THE_SITE>\nname: x\n",
        "infra/jinja/app.yaml": "{% for x in y %}\n- {{ x }}\n{% endfor %}\n",
        "infra/cue/x.cue": "a: 1\n",
        "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n",
        "charts/app/values.yaml": "image: {tag: 1.10}\n",
        "charts/app/templates/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\n{{- with .Values }}\nx: 1\n{{- end }}\n",
        "charts/app/ci/test-values.yaml": "on: off\n",
        "docs/examples/broken.yaml": "a: [\n",
        "docs/examples/release.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: ako}\nspec: {}\n",
        "examples/kustomization.yaml": "resources:\n  - gone.yaml\n",
        "tests/fixtures/twice.yaml": "a: 1\na: 2\n",
        "mkdocs.yml": "markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.emoji\n",
        ".yamllint.yml": "rules: {line-length: disable}\n",
        ".github/dependabot.yml": "version: 2\nupdates: []\n",
        "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: x}\nspec: {type: service}\n",
        "docker-compose.yml": "services: {db: {image: postgres, environment: [A=B]}}\n",
        "Taskfile.yml": "version: '3'\ntasks: {x: {cmds: ['echo {{.X}}']}}\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "azure-pipelines.yml": "steps:\n- ${{ if eq(1, 1) }}:\n  - script: x\n",
        "sonar/rules.yaml": "- id: x\n  pattern: '${A}'\n",
    }
