"""A Cluster stands in a namespace that never gets a ClusterClass.

What it finds:
    A vSphere ClusterClass `Cluster` in one of the namespaces into which TKG does not copy its class:
    `avi-system`, `kube-system`, `tkg-system-networking`, `cert-manager` and the like.

Why it matters:
    A Cluster finds its class in its own namespace only. TKG's webhook denies it with `ClusterClass not found`.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass/bundle/config/object-propagation/deployment.yaml.

Bad:
    kind: Cluster
    metadata: {name: tkg-a, namespace: avi-system}

Good:
    kind: Cluster
    metadata: {name: tkg-a, namespace: default}

Fix:
    Use `default` or a namespace of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("TKG113", Severity.ERROR, sources=("TKG-13", "tanzu-framework v0.28.3 packages/tkg-clusterclass"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        if topology.is_vsphere and topology.namespace in tkg.classless_namespaces():
            yield Problem(
                topology.manifest.at("metadata", "namespace"),
                f"Cluster `{topology.name}` lands in `{topology.namespace}`, where TKG puts no ClusterClass; "
                "use `default` or a namespace of your own",
            )
