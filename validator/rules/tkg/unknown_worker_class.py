"""A node pool of a class that the ClusterClass does not have.

What it finds:
    `machineDeployments[].class` that is not one of the worker classes of the ClusterClass: `tkg-worker` and
    `tkg-worker-windows` for vSphere, `node-pool` for the Supervisor.

Why it matters:
    TKG's webhook denies the Cluster: `machineDeployment refers to non-existent MD class`.
    Source: tanzu-framework v0.28.3 tkr/util/resolution/resolution.go; packages/tkg-clusterclass-vsphere.

Bad:
    workers: {machineDeployments: [{class: tkg-workers, name: md-0}]}

Good:
    workers: {machineDeployments: [{class: tkg-worker, name: md-0}]}

Fix:
    Write one of the worker classes.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import table, tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import Topology, class_of


@rule("TKG124", Severity.ERROR, sources=("tanzu-framework v0.28.3 tkr/util/resolution/resolution.go",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        known = _known(topology)
        if class_of(estate, topology) is None or topology.class_name in estate.classes:
            continue
        for pool in topology.pools:
            name = pool.data.get("class")
            if known and isinstance(name, str) and name not in known:
                listed = " or ".join(f"`{one}`" for one in known)
                at = topology.pool_at(pool, "class")
                yield Problem(at, f"worker class `{name}` does not exist in `{topology.class_name}`; it has {listed}")


def _known(topology: Topology) -> tuple[str, ...]:
    if topology.is_vsphere:
        return tuple(table("tkg")["workerClasses"]["names"])
    return ("node-pool",) if tkg.is_supervisor_class(topology.class_name or "") else ()
