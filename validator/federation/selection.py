"""What AMKO makes of an estate: which Ingresses and Services its policy selects, under which names, with which weights.

Source: AMKO gslb/gslbutils/gdputils.go AddToFilter, gslb/k8sobjects/{ingress,service}_object.go ApplyGDPSelector,
gslb/nodes/{dq_ingestion,avi_model_nodes}.go (1.9.1 to 2.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from validator.clusters.workloads import EXTERNAL_DNS, Rule, host_at, rules
from validator.facts import ako
from validator.model import Cluster, Estate, Federation, Release
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.manifest import Manifest
from validator.read.unknown import Unknown
from validator.values import flag

Pair = tuple[str, str]


LABEL = 63
"""Longest label of a DNS name."""


class Verdict(StrEnum):
    """Whether the policy takes an object, and what stands in the way."""

    SELECTED = "selected"
    APP_LABEL = "the label of `appSelector` is not on the object"
    NAMESPACE_LABEL = "the label of `namespaceSelector` is not on the namespace"
    UNKNOWN = "the repository does not hold the labels"


@dataclass(frozen=True, slots=True)
class Policy:
    """The GlobalDeploymentPolicy that one AMKO release brings."""

    release: Release
    app: Pair | None
    namespace: Pair | None
    custom: bool
    contexts: tuple[str, ...]
    sound: bool
    """Whether the policy is known in full and well formed, so that a verdict is worth telling."""

    @property
    def match(self) -> tuple[Pair | None, Pair | None, bool]:
        """Return what decides on the selection of an object."""
        return (self.app, self.namespace, self.custom)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An Ingress host or a Service of type LoadBalancer in a member cluster."""

    cluster: Cluster
    manifest: Manifest
    host: str
    """The host of the Ingress rule, or the annotated host of the Service; empty for none."""
    at: Ref
    verdict: Verdict
    name: str | None
    """Name of the GSLB service; None where there is none, or where it is not known."""
    rule: Rule | None = None

    @property
    def selected(self) -> bool:
        return self.verdict is Verdict.SELECTED

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return kind, namespace and name of the object."""
        return (self.manifest.kind, self.manifest.namespace, self.manifest.name)


@dataclass(slots=True, eq=False)
class Selection:
    """What the policy of one federation selects."""

    federation: Federation
    policy: Policy
    members: list[Cluster]
    candidates: list[Candidate] = field(default_factory=list)
    hosts: dict[str, dict[Cluster, list[Candidate]]] = field(default_factory=dict)
    """Every Ingress host of the member clusters, selected or not."""
    names: dict[str, list[Candidate]] = field(default_factory=dict)
    """The GSLB services, by name, with their members."""

    @property
    def selected(self) -> Iterator[Candidate]:
        return (candidate for candidate in self.candidates if candidate.selected)


def selections(estate: Estate) -> list[Selection]:
    """Return the selection of every federation that has a policy."""
    return [found for federation in estate.federations if (found := _select(estate, federation))]


def _select(estate: Estate, federation: Federation) -> Selection | None:
    policies = [policy for release in federation.releases if (policy := read_policy(release))]
    if not policies:
        return None
    leading = {id(release) for release in federation.leaders}
    policy = next((policy for policy in policies if id(policy.release) in leading), policies[0])
    if any(other.match != policy.match or not other.sound for other in policies):
        policy = _doubtful(policy)
    found = [cluster for context in policy.contexts if (cluster := estate.cluster_of(context))]
    selection = Selection(federation, policy, list(dict.fromkeys(found)))
    for cluster in selection.members:
        for candidate in _candidates(cluster, policy):
            selection.candidates.append(candidate)
            if candidate.rule is not None and candidate.host:
                clusters = selection.hosts.setdefault(candidate.host, {})
                clusters.setdefault(cluster, []).append(candidate)
            if candidate.selected and candidate.name:
                selection.names.setdefault(candidate.name, []).append(candidate)
    return selection


def _doubtful(policy: Policy) -> Policy:
    return Policy(policy.release, policy.app, policy.namespace, policy.custom, policy.contexts, sound=False)


def read_policy(release: Release) -> Policy | None:
    """Read the policy of a release, None where it brings none."""
    block = release.get("globalDeploymentPolicy")
    if not isinstance(block, dict):
        return None
    app, app_sound = _label(block.get("appSelector"))
    namespace, namespace_sound = _label(block.get("namespaceSelector"))
    items = block.get("matchClusters")
    contexts = [item.get("cluster") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    names = tuple(dict.fromkeys(context for context in contexts if isinstance(context, str) and context))
    custom = release.get("configs", "useCustomGlobalFqdn")
    sound = app_sound and namespace_sound and not release.values.unknown and bool(app or namespace)
    sound = sound and (custom is MISSING or flag(custom) is not None)
    return Policy(release, app, namespace, bool(flag(custom)), names, sound)


def _label(selector: Any) -> tuple[Pair | None, bool]:
    """Return the one label that AMKO takes from a selector; it passes over a selector with any other number."""
    if selector is None:
        return None, True
    label = selector.get("label") if isinstance(selector, dict) else None
    if not isinstance(label, dict) or len(label) != 1:
        return None, False
    key, value = next(iter(label.items()))
    return ((key, value), True) if isinstance(key, str) and isinstance(value, str) and value else (None, False)


def _candidates(cluster: Cluster, policy: Policy) -> Iterator[Candidate]:
    workloads = cluster.workloads
    for ingress in workloads.ingresses:
        verdict = judge(cluster, ingress, policy)
        for rule in rules(ingress):
            name: str | None = rule.host or None
            if policy.custom and name is not None:
                name = workloads.global_names.get(name, (None, None))[0]
            yield Candidate(cluster, ingress, rule.host, host_at(ingress, rule), verdict, name, rule)
    for service in workloads.balancers:
        host = service.annotations.get(EXTERNAL_DNS)
        host = host if isinstance(host, str) else ""
        name = host or automatic_name(cluster, service)
        if policy.custom and name is not None:
            name = workloads.global_names.get(name, (None, None))[0]
        at = service.at("metadata", "annotations", EXTERNAL_DNS) if host else service.at("metadata", "name")
        yield Candidate(cluster, service, host, at, judge(cluster, service, policy), name)


def judge(cluster: Cluster, manifest: Manifest, policy: Policy) -> Verdict:
    """Return whether a policy selects an object; with two selectors both must."""
    if policy.namespace is not None:
        key, value = policy.namespace
        labels = cluster.workloads.namespace_labels(manifest.namespace)
        if labels is None or isinstance(labels.get(key), Unknown):
            return Verdict.UNKNOWN
        if labels.get(key) != value:
            return Verdict.NAMESPACE_LABEL
    if policy.app is not None:
        key, value = policy.app
        if manifest.labels.get(key) != value:
            return Verdict.UNKNOWN if manifest.uncertain else Verdict.APP_LABEL
    return Verdict.SELECTED if policy.app or policy.namespace else Verdict.UNKNOWN


def automatic_name(cluster: Cluster, service: Manifest) -> str | None:
    """Return the name that AKO gives to a Service of type LoadBalancer, None where the domain is the cloud's own.

    Source: AKO internal/nodes/avi_model_l4_translator.go getAutoFQDNForService (1.9.2 to 2.1.1).
    """
    for release in cluster.ako:
        domain = release.text("NetworkSettings", "defaultDomain") or release.text("L4Settings", "defaultDomain")
        style = release.get("L4Settings", "autoFQDN")
        if domain and style in (MISSING, "default", "flat"):
            label = automatic_label(service, style == "flat", release.version)
            return f"{label}.{domain.lstrip('.')}"
    return None


def automatic_label(service: Manifest, flat: bool, version: str | None) -> str:
    """Return the first labels of the name that AKO gives to a Service, rewritten as AKO does where they break RFC 1035.

    Source: AKO internal/lib/utils.go CorrectLabelToSatisfyRFC1035, CheckAndShortenLabelToFollowRFC1035 (1.11.1).
    """
    name, namespace = service.name, service.namespace
    if namespace[:1].isdigit() and len(namespace) < LABEL:
        namespace = f"n{namespace}"
    if not flat:
        return f"{name}.{namespace}"
    if version is not None and ako.has(version, "correctsLabels") and len(namespace) < LABEL - 1:
        name = name[: LABEL - len(namespace) - 1]
    return f"{name}-{namespace}"
