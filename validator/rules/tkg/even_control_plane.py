"""A control plane with an even number of nodes.

What it finds:
    `controlPlane.replicas` that is even, or less than one.

Why it matters:
    etcd needs a majority. Two nodes stand as long as both do, so they are worse than one; four bear the loss of
    one, as three do. TKG's own CLI takes odd numbers only.
    Source: etcd.io FAQ, failure tolerance; tanzu-framework tkg/client/validate.go.

Bad:
    controlPlane: {replicas: 2}

Good:
    controlPlane: {replicas: 3}

Fix:
    Use 1, 3 or 5.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC


@rule("TKG109", Severity.ERROR, sources=("TKG-09", "etcd.io FAQ"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        replicas = topology.manifest.get(*SPEC, "controlPlane", "replicas")
        if isinstance(replicas, int) and not isinstance(replicas, bool) and (replicas < 1 or replicas % 2 == 0):
            yield Problem(
                topology.manifest.at(*SPEC, "controlPlane", "replicas"),
                f"control plane of `{topology.name}` has `{replicas}` nodes; etcd needs an odd number: 1, 3 or 5",
            )
