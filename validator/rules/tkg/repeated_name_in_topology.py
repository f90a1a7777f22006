"""A variable or a node pool is given twice.

What it finds:
    Two variables, two overrides of one node pool, or two node pools with the same name in one topology.

Why it matters:
    Cluster API denies the Cluster: names of variables and of machine deployments must be unique.
    Source: cluster-api v1.2.8 internal/topology/variables; internal/webhooks/cluster.go.

Bad:
    variables: [{name: cni, value: antrea}, {name: cni, value: calico}]

Good:
    variables: [{name: cni, value: antrea}]

Fix:
    Remove one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.tkg.topologies import SPEC, Topology


@rule("TKG126", Severity.ERROR, sources=("cluster-api v1.2.8 internal/topology/variables",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        if not _repeats(topology):
            continue
        for what, names in _lists(topology):
            first: dict[str, Ref] = {}
            for name, at in names:
                if name in first:
                    text = f"{what} `{name}` of `{topology.name}` is given twice"
                    yield Problem(at, text, related=((first[name], "first here"),))
                first.setdefault(name, at)


def _repeats(topology: Topology) -> bool:
    """Return whether any name is given twice."""
    if len(topology.by_name) < len(topology.variables):
        return True
    overridden = [[item["name"] for _, item in pool.overrides] for pool in topology.pools]
    names = [pool.name for pool in topology.pools if pool.name]
    return any(len(set(one)) < len(one) for one in (names, *overridden))


def _lists(topology: Topology) -> Iterator[tuple[str, list[tuple[str, Ref]]]]:
    at = topology.manifest.at
    yield (
        "variable",
        [(item["name"], at(*SPEC, "variables", index, "name")) for index, item in topology.variables],
    )
    yield "node pool", [(pool.name, topology.pool_at(pool, "name")) for pool in topology.pools if pool.name]
    for pool in topology.pools:
        overrides = [
            (item["name"], topology.pool_at(pool, "variables", "overrides", i, "name")) for i, item in pool.overrides
        ]
        yield f"override in node pool `{pool.name}`:", overrides
