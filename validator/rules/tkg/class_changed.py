"""A cluster changes its ClusterClass.

What it finds:
    A `Cluster` with another class than at the base revision, one that gets a class although it was made
    without, or one that loses its `topology`. Needs `--base`.

Why it matters:
    Cluster API refuses to give a class to a cluster made without one, and to take `topology` away. From one
    class to another it goes only when both make the same kinds of objects and the new one has every worker
    class that is in use; then all machines whose templates differ are replaced, and each variable must be known
    to the new class.
    Source: kubernetes-sigs/cluster-api internal/webhooks/cluster.go, internal/topology/check/compatibility.go
    (v1.2.8 to v1.9.9).

Bad:
    topology:
      class: tkg-vsphere-default-v1.1.0     # was tkg-vsphere-default-v1.0.0

Good:
    topology:
      class: tkg-vsphere-default-v1.0.0

Fix:
    Change the class on purpose only, with the upgrade of TKG that brings it, in a commit of its own that was
    tried with a server-side dry run.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC


@rule("TKG902", Severity.WARNING, sources=("cluster-api internal/topology/check/compatibility.go@v1.2.8",))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        before, now = pair.old.class_name, pair.new.class_name
        if before is not None and now is not None and before != now:
            yield Problem(
                pair.new.manifest.at(*pair.new.class_pointer),
                f"class of `{pair.new.name}` was `{before}` and is `{now}`: Cluster API takes it only when both are "
                "compatible, and replaces every machine whose template differs",
            )
    for found in estate.past.objects("Cluster", "cluster.x-k8s.io") if estate.past else ():
        had, has = (isinstance(one.get(*SPEC), dict) for one in (found.old, found.new))
        if had is not has and not found.new.uncertain:
            text = "was made without a `topology` and cannot get one" if has else "has no `topology` any more"
            yield Problem(
                found.new.at(*SPEC, key=True),
                f"`{found.new.name}` {text}; Cluster API refuses that",
                severity=Severity.ERROR,
            )
