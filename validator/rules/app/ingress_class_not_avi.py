"""A selected Ingress belongs to another Ingress controller.

What it finds:
    An Ingress that the policy selects whose `ingressClassName` is an IngressClass of another controller, is no
    class that the repository knows, or is not set where AKO is not the default controller.

Why it matters:
    AKO logs `Unexpected controller in ingress class`, `Unable to fetch corresponding ingressclass` or `ingress
    class name not specified` and does nothing. Without AKO's annotations AMKO drops the object. The annotation
    `kubernetes.io/ingress.class` counts for nothing, AKO reads `spec.ingressClassName` only.
    Source: AKO internal/lib/lib.go ValidateIngressForClass (1.9.2 to 2.1.1).

Bad:
    metadata: {labels: {app: gslb}}
    spec: {ingressClassName: nginx}

Good:
    metadata: {labels: {app: gslb}}
    spec: {ingressClassName: avi-lb}

Fix:
    Use `avi-lb`, which the AKO chart makes, or a class of your own with controller `ako.vmware.com/avi-lb`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import AVI_CLASS, AVI_CONTROLLER, default_class
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule

CLASS = ("spec", "ingressClassName")
OTHERS = frozenset(
    {"alb", "ambassador", "apisix", "azure-application-gateway", "cilium", "contour", "gce", "haproxy", "istio", "kong"}
    | {"nginx", "skipper", "traefik"}
)
"""Classes that other controllers commonly make."""


@rule("APP108", Severity.ERROR, sources=("APP-06", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound:
            continue
        told: set[int] = set()
        for found in selection.selected:
            if found.rule is None or id(found.manifest) in told or not found.cluster.ako:
                continue
            told.add(id(found.manifest))
            for at, text, severity, related in _fault(found.cluster, found.manifest):
                yield Problem(at, text, related, severity, found.cluster.site, found.cluster.name)


def _fault(cluster: Cluster, ingress: Manifest) -> Iterator[tuple[Ref, str, Severity, tuple[tuple[Ref, str], ...]]]:
    name = ingress.spec.get("ingressClassName")
    title = f"Ingress `{ingress.namespace}/{ingress.name}`"
    if name is None:
        if default_class(cluster) is False:
            setting = cluster.ako[0].at("L7Settings", "defaultIngController")
            text = f"{title} has no `ingressClassName` and AKO is not the default controller of `{cluster.name}`"
            yield ingress.at("spec", key=True), f"{text}; AKO ignores it", Severity.ERROR, ((setting, "set here"),)
    elif isinstance(name, str) and (known := cluster.workloads.classes.get(name)):
        controller = known.spec.get("controller")
        if controller != AVI_CONTROLLER:
            text = f"{title} has class `{name}` of controller `{controller}`, not `{AVI_CONTROLLER}`; AKO ignores it"
            related = ((known.at("spec", "controller"), f"class `{name}`"),)
            yield ingress.at(*CLASS), text, Severity.ERROR, related
    elif isinstance(name, str) and name != AVI_CLASS and "$" not in name:
        meant = nearest(name, [AVI_CLASS, *cluster.workloads.classes])
        hint = f", did you mean `{meant}`" if meant else ""
        text = f"{title} has class `{name}`, the repository makes no such IngressClass for `{cluster.name}`{hint}"
        sure = bool(meant) or name in OTHERS
        if sure:
            text += "; AKO ignores it"
        yield ingress.at(*CLASS), text, Severity.ERROR if sure else Severity.UNVERIFIABLE, ()
