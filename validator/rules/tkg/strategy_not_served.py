"""A node pool has an update strategy that this Cluster API does not know.

What it finds:
    Fields of a control plane or node pool in a topology of class `tkg-vsphere-default-v1.0.0` that came with
    Cluster API 1.3: `strategy`, `machineHealthCheck`, `minReadySeconds`, `nodeDeletionTimeout`,
    `nodeVolumeDetachTimeout`.

Why it matters:
    TKG 2.1 and 2.2 ship Cluster API 1.2.8. Its API server drops the field, or refuses the object where fields
    are validated strictly: the pool is updated by the default strategy, whatever is written.
    Source: cluster-api v1.2.8 and v1.3.0 api/v1beta1/cluster_types.go, MachineDeploymentTopology.

Bad:
    class: tkg-vsphere-default-v1.0.0
    workers: {machineDeployments: [{class: tkg-worker, name: md-0, strategy: {type: OnDelete}}]}

Good:
    class: tkg-vsphere-default-v1.0.0
    workers: {machineDeployments: [{class: tkg-worker, name: md-0}]}

Fix:
    Remove the field, or move to a class of TKG 2.3 or newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC

NEWER = (
    "machineHealthCheck",
    "minReadySeconds",
    "nodeDeletionTimeout",
    "nodeVolumeDetachTimeout",
    "strategy",
)


@rule("TKG112", Severity.ERROR, sources=("TKG-12", "cluster-api v1.2.8 api/v1beta1/cluster_types.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        version = _newest_without(topology.class_name or "")
        if version is None:
            continue
        text = f"is not served by Cluster API {version}, which comes with `{topology.class_name}`"
        control = topology.manifest.get(*SPEC, "controlPlane")
        for field in NEWER:
            if isinstance(control, dict) and field in control:
                at = topology.manifest.at(*SPEC, "controlPlane", field, key=True)
                yield Problem(at, f"`{field}` of the control plane of `{topology.name}` {text}")
            for pool in topology.pools:
                if field in pool.data:
                    at = topology.pool_at(pool, field, key=True)
                    yield Problem(at, f"`{field}` of node pool `{pool.name}` of `{topology.name}` {text}")


@lru_cache(maxsize=1024)
def _newest_without(cluster_class: str) -> str | None:
    """Return the newest Cluster API that comes with a class, None where that is not known or one serves the fields."""
    releases = [tkg.find(name) for name in tkg.releases_of_class(cluster_class)]
    versions = [release.capi for release in releases if release is not None]
    if not versions or not all(v and not tkg.capi_has(v, "machineDeploymentStrategy") for v in versions):
        return None
    return versions[-1]
