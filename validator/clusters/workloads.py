"""What the applications of one cluster look like to AKO and AMKO: Ingresses, Services, namespaces, HostRules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.manifest import Manifest, dig
from validator.secrets.objects import secrets

if TYPE_CHECKING:
    from validator.model import Cluster, Release
    from validator.read.kustomize import Tree

AVI_CLASS = "avi-lb"
AVI_CONTROLLER = "ako.vmware.com/avi-lb"
DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"
EXTERNAL_DNS = "external-dns.alpha.kubernetes.io/hostname"
PASSTHROUGH = "passthrough.ako.vmware.com/enabled"
GENERATORS = frozenset({"ApplicationSet", "ResourceSet", "ResourceSetInputProvider"})
"""Objects that make others in ways that are not followed."""
BRINGERS = GENERATORS | {"Kustomization", "Application", "HelmRelease"}
"""Objects that may bring others into the cluster."""

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Path:
    """One path of an Ingress rule and the Service behind it."""

    path: str
    service: str | None
    port: int | str | None
    pointer: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an Ingress; `paths` is None where it has no `http` block."""

    host: str
    index: int
    paths: tuple[Path, ...] | None


class Workloads:
    """The applications of one cluster, looked up by name."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._outside: frozenset[tuple[str, str]] | None = None

    @cached_property
    def ingresses(self) -> list[Manifest]:
        groups = {"networking.k8s.io", "extensions"}
        return [item for item in self.cluster.of("Ingress") if item.group in groups]

    @cached_property
    def by_name(self) -> dict[Name, Manifest]:
        """Return the Ingresses by namespace and name."""
        return {(item.namespace, item.name): item for item in self.ingresses}

    @cached_property
    def by_host(self) -> dict[str, list[tuple[Manifest, Rule]]]:
        """Return the rules of the Ingresses by host."""
        found: dict[str, list[tuple[Manifest, Rule]]] = {}
        for item in self.ingresses:
            for rule in rules(item):
                found.setdefault(rule.host, []).append((item, rule))
        return found

    @cached_property
    def _synced(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for item in self.cluster.manifests:
            if item.applied_by:
                namespace = item.name if item.kind == "Namespace" else item.namespace
                found.setdefault(item.applied_by, set()).add(namespace)
        return found

    def is_synced_alone(self, sync: str, namespace: str) -> bool:
        """Return whether a sync applies something, and to no other namespace."""
        return self._synced.get(sync) == {namespace}

    @cached_property
    def services(self) -> dict[Name, Manifest]:
        return {(item.namespace, item.name): item for item in self.cluster.of("Service", "")}

    @cached_property
    def balancers(self) -> list[Manifest]:
        """Return the Services of type LoadBalancer."""
        return [item for item in self.services.values() if item.spec.get("type") == "LoadBalancer"]

    @cached_property
    def namespaces(self) -> dict[str, Manifest]:
        return {item.name: item for item in self.cluster.of("Namespace", "")}

    @cached_property
    def classes(self) -> dict[str, Manifest]:
        return {item.name: item for item in self.cluster.of("IngressClass")}

    @cached_property
    def secrets(self) -> frozenset[Name]:
        """Return the Secrets that something in the repository makes: as such, sealed, external, or by cert-manager."""
        found = {(item.namespace, item.name) for item in secrets(self.cluster)}
        for item in self.cluster.of("Certificate", "cert-manager.io"):
            if isinstance(name := item.spec.get("secretName"), str):
                found.add((item.namespace, name))
        return frozenset(found)

    @cached_property
    def hostrules(self) -> list[Manifest]:
        return self.cluster.of("HostRule", "ako.vmware.com")

    @cached_property
    def global_names(self) -> dict[str, tuple[str, Manifest]]:
        """Return the global FQDN that AMKO's custom mode knows for each local one.

        Source: AMKO gslb/gslbutils/fqdn.go, LocalToGlobalFqdn: exact names, of HostRules in any namespace.
        """
        found: dict[str, tuple[str, Manifest]] = {}
        for rule in self.hostrules:
            local, name = rule.get("spec", "virtualhost", "fqdn"), rule.get("spec", "virtualhost", "gslb", "fqdn")
            if isinstance(local, str) and isinstance(name, str) and name:
                found.setdefault(local, (name, rule))
        return found

    @cached_property
    def created_namespaces(self) -> frozenset[str]:
        """Return the namespaces that a release or an Application creates by itself."""
        found: set[str] = set()
        for item in self.cluster.of("HelmRelease", flux.HELM):
            target = item.spec.get("targetNamespace", item.namespace)
            if item.get("spec", "install", "createNamespace") is True and isinstance(target, str):
                found.add(target)
        for item in self.cluster.of("Application", argocd.GROUP):
            options, target = (
                item.get("spec", "syncPolicy", "syncOptions"),
                item.get("spec", "destination", "namespace"),
            )
            if isinstance(options, list) and "CreateNamespace=true" in options and isinstance(target, str):
                found.add(target)
        return frozenset(found)

    @cached_property
    def _managed_labels(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for item in self.cluster.of("Application", argocd.GROUP):
            labels = item.get("spec", "syncPolicy", "managedNamespaceMetadata", "labels")
            namespace = item.get("spec", "destination", "namespace")
            if isinstance(labels, dict) and isinstance(namespace, str):
                found.setdefault(namespace, {}).update(labels)
        return found

    def namespace_labels(self, namespace: str) -> dict[str, Any] | None:
        """Return the labels of a namespace, None where the repository does not make it."""
        made, managed = self.namespaces.get(namespace), self._managed_labels.get(namespace)
        if made is None and managed is None:
            return None
        return {"kubernetes.io/metadata.name": namespace, **(made.labels if made else {}), **(managed or {})}

    def foreign(self, folders: Tree) -> frozenset[tuple[str, str]]:
        """Return the syncs and releases that may bring objects which this repository does not hold."""
        if self._outside is None:
            self._outside = frozenset((item.kind, item.name) for item in self._foreign(folders))
        return self._outside

    def _foreign(self, folders: Tree) -> Iterator[Manifest]:
        ours = {id(release.manifest) for release in (*self.cluster.ako, *self.cluster.amko)}
        for item in self.cluster.manifests:
            if (item.kind not in BRINGERS and not item.uncertain) or id(item) in ours:
                continue
            helm = item.kind == "HelmRelease" and item.group == flux.HELM
            if item.kind in GENERATORS or item.uncertain or helm or _outside(item, folders):
                yield item


def _outside(sync: Manifest, folders: Tree) -> bool:
    """Return whether a sync applies anything that is not in this repository."""
    if flux.is_kustomization(sync):
        path = flux.local_path(sync, folders)
        return path is None or path in folders.gaps
    if argocd.is_application(sync):
        paths = argocd.local_paths(sync, folders)
        applied = sum("ref" not in source or "path" in source for _, source in argocd.sources(sync))
        return applied > len(paths) or any(path in folders.gaps for path in paths)
    return False


def rules(ingress: Manifest) -> Iterator[Rule]:
    """Yield the rules of an Ingress; a missing host is an empty one."""
    found = ingress.spec.get("rules")
    for index, item in enumerate(found if isinstance(found, list) else []):
        if not isinstance(item, dict):
            continue
        host, http = item.get("host"), item.get("http")
        paths = tuple(_paths(index, http)) if isinstance(http, dict) else None
        yield Rule(host if isinstance(host, str) else "", index, paths)


def _paths(index: int, http: dict[str, Any]) -> Iterator[Path]:
    items = http.get("paths")
    for order, item in enumerate(items if isinstance(items, list) else []):
        if not isinstance(item, dict):
            continue
        service, port = dig(item, ("backend", "service", "name")), dig(item, ("backend", "service", "port"))
        if service is None:
            service, port = dig(item, ("backend", "serviceName")), dig(item, ("backend", "servicePort"))
        elif isinstance(port, dict):
            number, name = port.get("number"), port.get("name")
            port = number if isinstance(number, int) else name if number is None and isinstance(name, str) else None
        text = item.get("path")
        pointer = ("spec", "rules", index, "http", "paths", order)
        yield Path(
            text if isinstance(text, str) else "",
            service if isinstance(service, str) else None,
            port if isinstance(port, int | str) and not isinstance(port, bool) else None,
            pointer,
        )


def host_at(ingress: Manifest, rule: Rule) -> Ref:
    """Return the place of a rule's host, of the rule itself where it has none."""
    return ingress.at("spec", "rules", rule.index, "host") if rule.host else ingress.at("spec", "rules", rule.index)


def ignores(release: Release, namespace: str, labels: dict[str, Any] | None) -> str | None:
    """Return the value of an AKO release that makes it pass over a namespace, None where it does not or is not known.

    Source: AKO internal/lib/lib.go IsNamespaceBlocked, GetLabelToSyncNamespace (1.9.2 to 2.1.1).
    """
    blocked = release.get("AKOSettings", "blockedNamespaceList")
    if isinstance(blocked, list) and namespace in blocked:
        return "AKOSettings.blockedNamespaceList"
    key, value = (release.get("AKOSettings", "namespaceSelector", name) for name in ("labelKey", "labelValue"))
    if not (isinstance(key, str) and isinstance(value, str) and key.strip() and value.strip()):
        return None
    return None if labels is None or labels.get(key) == value else "AKOSettings.namespaceSelector"


def served(cluster: Cluster, ingress: Manifest) -> bool | None:
    """Return whether AKO takes an Ingress, None where its class is not in the repository."""
    name = ingress.spec.get("ingressClassName")
    if name is None:
        return default_class(cluster)
    if isinstance(name, str) and (known := cluster.workloads.classes.get(name)):
        return known.spec.get("controller") == AVI_CONTROLLER
    return True if name == AVI_CLASS and cluster.ako else None


def default_class(cluster: Cluster) -> bool | None:
    """Return whether Ingresses without a class belong to AKO, None where that is not known.

    Source: AKO internal/lib/lib.go ValidateIngressForClass, IsAviLBDefaultIngressClass (1.9.2 to 2.1.1).
    """
    for item in cluster.workloads.classes.values():
        if item.spec.get("controller") == AVI_CONTROLLER and item.annotations.get(DEFAULT_CLASS) == "true":
            return True
    if not cluster.ako:
        return None
    for release in cluster.ako:
        default = release.get("L7Settings", "defaultIngController")
        if default is MISSING:
            return None if release.values.unknown else True
        if default == "true":
            return True
        if not isinstance(default, str):
            return None
    return False
