"""The label with a cluster's name holds another name.

What it finds:
    The label `tkg.tanzu.vmware.com/cluster-name` on a `Cluster` with another value than the name of the
    Cluster.

Why it matters:
    TKG's add-on controllers and the Tanzu CLI find what belongs to a cluster by this label; with another
    cluster's name, packages and credentials of one are taken for those of the other. It is mostly left from a
    copy.
    Source: tanzu-framework v0.28.3 providers/yttcc/01_plans; addons/pkg/util.

Bad:
    metadata: {name: tkg-b, labels: {tkg.tanzu.vmware.com/cluster-name: tkg-a}}

Good:
    metadata: {name: tkg-b, labels: {tkg.tanzu.vmware.com/cluster-name: tkg-b}}

Fix:
    Write the name of the Cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

LABEL = "tkg.tanzu.vmware.com/cluster-name"


@rule("TKG129", Severity.WARNING, sources=("tanzu-framework v0.28.3 providers/yttcc/01_plans",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        given = topology.manifest.labels.get(LABEL)
        known = not estate.declared or topology.declared
        if isinstance(given, str) and given != topology.name and topology.name and known:
            at = topology.manifest.at("metadata", "labels", LABEL)
            yield Problem(
                at, f"label `{LABEL}` of Cluster `{topology.name}` is `{given}`; it must be the Cluster's name"
            )
