"""A variable that TKG writes stands in git.

What it finds:
    The variable `TKR_DATA` in a topology or in the overrides of a node pool, as it comes with `kubectl get
    cluster -o yaml`.

Why it matters:
    TKG's webhook writes it for the release it has resolved. A copy in git pins image names of an old release:
    after a change of `topology.version` the nodes are made from the wrong image, or not at all.
    Source: tanzu-framework v0.28.3 tkr/webhook/cluster/tkr-resolver/cluster/cluster.go, ensureTKRData.

Bad:
    variables: [{name: TKR_DATA, value: {v1.24.9+vmware.1: {}}}]

Good:
    variables: []

Fix:
    Remove the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC

NAME = "TKR_DATA"


@rule("TKG125", Severity.WARNING, sources=("tanzu-framework v0.28.3 tkr/webhook/cluster/tkr-resolver",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        text = f"variable `{NAME}` of `{topology.name}` is written by TKG; remove it"
        for index, item in topology.variables:
            if item["name"] == NAME:
                yield Problem(topology.manifest.at(*SPEC, "variables", index, "name"), text)
        for pool in topology.pools:
            for index, item in pool.overrides:
                if item["name"] == NAME:
                    yield Problem(topology.pool_at(pool, "variables", "overrides", index, "name"), text)
