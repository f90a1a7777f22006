"""A workload cluster carries the label of a management cluster.

What it finds:
    The label `cluster-role.tkg.tanzu.vmware.com/management` on a `Cluster` that the estate file declares as a
    workload cluster, or that stands outside of `tkg-system`.

Why it matters:
    The AKO Operator selects management clusters by this label: the cluster gets the management cluster's
    AKODeploymentConfig, with its SE group and VIP networks, and its packages are treated as the management
    cluster's.
    Source: tanzu-framework v0.28.3 packages/ako-operator-v2; load-balancer-operator 1.7.0 pkg/ako-operator.

Bad:
    kind: Cluster
    metadata: {name: tkg-a, labels: {cluster-role.tkg.tanzu.vmware.com/management: ""}}

Good:
    kind: Cluster
    metadata: {name: tkg-a, labels: {tkg.tanzu.vmware.com/cluster-name: tkg-a}}

Fix:
    Remove the label.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

LABEL = "cluster-role.tkg.tanzu.vmware.com/management"


@rule("TKG115", Severity.ERROR, sources=("TKG-15", "tanzu-framework v0.28.3 packages/ako-operator-v2"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        if LABEL in topology.manifest.labels and (topology.declared or topology.namespace != "tkg-system"):
            yield Problem(
                topology.manifest.at("metadata", "labels", LABEL, key=True),
                f"workload cluster `{topology.name}` has the label of management clusters, `{LABEL}`",
            )
