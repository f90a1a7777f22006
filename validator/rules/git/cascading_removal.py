"""An object goes that takes others with it.

What it finds:
    A Namespace of the base revision that its cluster has no more while other objects of the repository still
    live in it, or a CustomResourceDefinition of AKO or AMKO while AKO or AMKO stays; and nothing keeps it from
    being pruned. Needs `--base`.

Why it matters:
    Pruning a Namespace deletes everything in it: releases, Secrets, Ingresses, volumes; what Git still holds
    comes back later, empty, and new objects are refused while the Namespace is terminating. Pruning a CRD
    deletes all objects of its kind in all namespaces: with `globaldeploymentpolicies.amko.vmware.com` goes the
    policy and with it every GSLB service.
    Source: kubernetes.io (Namespaces, CustomResourceDefinition finalizers); fluxcd.io Kustomization
    `spec.prune`.

Bad:
    # namespace.yaml of avi-system is deleted, the releases in it stay

Good:
    kind: Namespace
    metadata:
      name: avi-system
      annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}

Fix:
    Put the object back; where something else is to make it, disable pruning for it first, in a commit before
    this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import Pair, Past, survives
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest
from validator.rules import rule

OURS = (".ako.vmware.com", ".amko.vmware.com")


@rule("GIT902", Severity.ERROR, sources=("fluxcd.io Kustomization v1", "kubernetes.io CustomResourceDefinition"))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    if past is None:
        return
    for item, pair in past.lost_objects("Namespace", ""):
        inside = _inside(pair, item.name)
        if inside and not survives(item, pair.old):
            effect = f"no more, while {inside} is still in it: when it is pruned, everything in it is deleted"
            yield _problem(past, item, pair.new, effect)
    for item, pair in past.lost_objects("CustomResourceDefinition", "apiextensions.k8s.io"):
        if item.name.endswith(OURS) and (pair.new.ako or pair.new.amko) and not survives(item, pair.old):
            effect = "no more: when it is pruned, every object of its kind is deleted"
            yield _problem(past, item, pair.new, effect)


def _problem(past: Past, item: Manifest, cluster: Cluster, effect: str) -> Problem:
    text = f"{item.kind} `{item.name}` is in cluster `{cluster.name}` {effect}"
    return Problem(past.place(item.document.path), text, site=cluster.site, cluster=cluster.name)


def _inside(pair: Pair[Cluster], namespace: str) -> str | None:
    """Return something of today that lives in a namespace, a release first."""
    for release in (*pair.new.ako, *pair.new.amko):
        if release.namespace == namespace:
            return f"{release.chart.upper()} release `{release.name}`"
    return next((f"{item.kind} `{item.name}`" for item in pair.new.manifests if item.namespace == namespace), None)
