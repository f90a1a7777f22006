"""Argo CD compares a Kubernetes version that TKG rewrites.

What it finds:
    `topology.version` of a vSphere class with a `-tkg.N` suffix, applied by an Argo CD Application that does
    not ignore it.

Why it matters:
    TKG's webhook replaces `v1.24.9+vmware.1-tkg.1` by `v1.24.9+vmware.1`. Argo CD sees a difference for ever;
    with self-heal it applies the Cluster again and again.
    Source: tanzu-framework v0.28.3 tkr/webhook/cluster/tkr-resolver/cluster/cluster.go, setTKRData.

Bad:
    topology: {version: v1.24.9+vmware.1-tkg.1}

Good:
    topology: {version: v1.24.9+vmware.1}

Fix:
    Write the version without `-tkg.N`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd
from validator.rules import rule
from validator.tkg.topologies import SPEC


@rule("TKG111", Severity.WARNING, sources=("TKG-11", "tanzu-framework v0.28.3 tkr/webhook/cluster"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        version = topology.manifest.get(*SPEC, "version")
        manager = topology.manager
        if manager is None or not topology.is_vsphere or not isinstance(version, str) or "-tkg." not in version:
            continue
        if manager.engine == "argocd" and not _ignored(manager, topology.manifest.applied_by):
            yield Problem(
                topology.manifest.at(*SPEC, "version"),
                f"TKG rewrites `{version}` to `{version.partition('-tkg.')[0]}`, which Argo CD takes for a difference; "
                "write the short form",
            )


def _ignored(manager: Cluster, application: str) -> bool:
    for manifest in manager.of("Application", argocd.GROUP):
        if manifest.name == application:
            compare = str(manifest.annotations.get("argocd.argoproj.io/compare-options", ""))
            return bool(manifest.spec.get("ignoreDifferences")) or "IncludeMutationWebhook=true" in compare
    return False
