"""A topology variable that the ClusterClass does not define.

What it finds:
    A name in `topology.variables`, or in the overrides of a node pool, that is no variable of the class; for a
    class whose revisions differ, one that came with a later TKG release than the declared one.

Why it matters:
    Cluster API denies the Cluster: `variable with name "x" is not defined in the ClusterClass`. Flux then
    applies nothing of that Kustomization.
    Source: cluster-api v1.2.8 internal/topology/variables/cluster_variable_validation.go.

Bad:
    topology:
      class: tkg-vsphere-default-v1.0.0
      variables: [{name: nodePoolTaints, value: []}]

Good:
    topology:
      class: tkg-vsphere-default-v1.0.0
      variables: [{name: nodePoolLabels, value: []}]

Fix:
    Write the name as the class has it, remove the variable, or give your own class with `--clusterclass`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg._variables import told


@rule("TKG103", Severity.ERROR, sources=("TKG-03", "cluster-api v1.2.8 internal/topology/variables"))
def check(estate: Estate) -> Iterator[Problem]:
    for one in told(estate):
        if one.unknown and len(one.pointer) == 1:
            severity = None if one.certain else Severity.UNVERIFIABLE
            yield Problem(one.at, one.message, severity=severity)
