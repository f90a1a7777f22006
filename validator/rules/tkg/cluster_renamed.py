"""A cluster gets another name or namespace.

What it finds:
    A `Cluster` with the name, or the address of its API server, of one at the base revision, but in another
    namespace or under another name. Needs `--base`.

Why it matters:
    Kubernetes knows no renaming. A second cluster is made that wants the addresses of the first, and the first
    is deleted with all its machines, or stays without a manifest where pruning is disabled for it.
    Source: kubernetes-sigs/cluster-api internal/controllers/cluster (v1.2.8).

Bad:
    metadata: {name: wld-site01-a, namespace: default}     # was wld-site01

Good:
    metadata: {name: wld-site01, namespace: default}

Fix:
    Keep name and namespace. A file may be called and moved as you like.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("TKG906", Severity.ERROR, sources=("cluster-api internal/controllers/cluster@v1.2.8",))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        before, now = (f"{one.namespace}/{one.name}" for one in (pair.old, pair.new))
        if before == now or pair.new.manifest.uncertain:
            continue
        field = "name" if pair.old.name != pair.new.name else "namespace"
        yield Problem(
            pair.new.manifest.at("metadata", field),
            f"cluster `{before}` is called `{now}`: a second cluster is made, and the first is deleted when it is "
            "pruned; keep name and namespace",
        )
