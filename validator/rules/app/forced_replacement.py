"""A sync replaces Ingresses or Services instead of patching them.

What it finds:
    Argo CD's `Replace=true` (for an Application or by annotation on the object) or Flux's `force` where the sync
    applies an Ingress that AKO serves or a Service of type LoadBalancer.

Why it matters:
    Replacing writes the object as it stands in Git: AKO's annotations vanish. AMKO then logs `controller UUID or VS
    UUID missing` and deletes the member until AKO has patched the object again, on each sync. Flux deletes and
    creates the object, but only where the API server refuses a change.
    Source: AMKO gslb/nodes/avi_model_nodes.go AddUpdateGSMember (1.9.1 to 2.1.1).

Bad:
    kind: Application
    spec: {syncPolicy: {syncOptions: [Replace=true]}}

Good:
    kind: Application
    spec: {syncPolicy: {syncOptions: [ServerSideApply=true]}}

Fix:
    Remove the option; use `ServerSideApply=true` where an object is too big for a client-side apply.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import served
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule

ARGO, FLUX = "argocd.argoproj.io/sync-options", "kustomize.toolkit.fluxcd.io/force"


@rule("APP119", Severity.WARNING, sources=("APP-17", "AMKO gslb/nodes/avi_model_nodes.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.members:
        syncs = {item.name: item for kind in ("Application", "Kustomization") for item in cluster.of(kind)}
        told: set[str] = set()
        for item in _exposed(cluster):
            title = f"{item.kind} `{item.namespace}/{item.name}`"
            options = item.annotations.get(ARGO)
            if isinstance(options, str) and "Replace=true" in options.replace(" ", "").split(","):
                at = item.at("metadata", "annotations", ARGO)
                yield Problem(at, f"`Replace=true` on {title} takes AKO's annotations off; AMKO drops the member")
            sync = syncs.get(item.applied_by)
            if sync is None or sync.name in told:
                continue
            for at, option, severity in _forced(sync):
                told.add(sync.name)
                yield Problem(
                    at,
                    f"{option} of {sync.kind} `{sync.name}` replaces {title}, which takes AKO's annotations off; "
                    "AMKO drops the member until AKO writes them again",
                    related=((item.at("metadata", "name"), title),),
                    severity=severity,
                )


def _exposed(cluster: Cluster) -> Iterator[Manifest]:
    yield from (item for item in cluster.workloads.ingresses if served(cluster, item))
    yield from cluster.workloads.balancers


def _forced(sync: Manifest) -> Iterator[tuple[Ref, str, Severity]]:
    options = sync.get("spec", "syncPolicy", "syncOptions")
    for index, option in enumerate(options if isinstance(options, list) else []):
        if option == "Replace=true":
            yield sync.at("spec", "syncPolicy", "syncOptions", index), "`Replace=true`", Severity.WARNING
    if sync.spec.get("force") is True and sync.kind == "Kustomization":
        yield sync.at("spec", "force"), "`force`", Severity.INFO
