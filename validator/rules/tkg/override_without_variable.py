"""A node pool overrides a variable that the cluster does not have.

What it finds:
    An entry of `variables.overrides` of a node pool whose variable is not among the variables of the topology
    and has no default in the class.

Why it matters:
    Cluster API denies the Cluster: an override needs the top-level variable of the same name.
    Source: cluster-api v1.2.8 internal/topology/variables, ValidateTopLevelClusterVariablesExist.

Bad:
    variables: []
    workers: {machineDeployments: [{name: md-0, variables: {overrides: [{name: worker, value: {}}]}}]}

Good:
    variables: [{name: worker, value: {}}]
    workers: {machineDeployments: [{name: md-0, variables: {overrides: [{name: worker, value: {}}]}}]}

Fix:
    Add the variable to `topology.variables`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import class_of


@rule("TKG118", Severity.ERROR, sources=("TKG-18", "cluster-api v1.2.8 internal/topology/variables"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        known = class_of(estate, topology)
        for pool in topology.pools if known is not None else ():
            for index, item in pool.overrides:
                name = item["name"]
                schema = known.variables.get(name) if known else None
                if name not in topology.by_name and schema is not None and "default" not in schema:
                    yield Problem(
                        topology.pool_at(pool, "variables", "overrides", index, "name"),
                        f"node pool `{pool.name}` of `{topology.name}` overrides `{name}`, which `topology.variables` "
                        "does not give",
                    )
