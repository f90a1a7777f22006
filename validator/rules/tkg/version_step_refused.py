"""A Kubernetes version goes back or skips a minor release.

What it finds:
    A `Cluster` whose `spec.topology.version` is older than at the base revision, or two or more minor releases
    newer. Needs `--base`.

Why it matters:
    Cluster API refuses both: `version cannot be decreased from`, `version cannot be increased from`. Flux
    applies a folder as a whole, so everything else in it waits too, until the version is put right.
    Source: kubernetes-sigs/cluster-api internal/webhooks/cluster.go validateTopology (v1.2.8),
    validateTopologyVersion (v1.9.9).

Bad:
    topology:
      version: v1.26.5+vmware.2     # was v1.24.9+vmware.1

Good:
    topology:
      version: v1.25.7+vmware.2     # was v1.24.9+vmware.1

Fix:
    Go one minor release at a time, each in a commit of its own that is rolled out before the next. There is no
    way back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.facts import version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC

VERSION = (*SPEC, "version")


@rule("TKG901", Severity.ERROR, sources=("cluster-api internal/webhooks/cluster.go@v1.2.8", "tkg-avi A2"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        before, now = (one.manifest.get(*VERSION) for one in (pair.old, pair.new))
        old, new = version.parse(before), version.parse(now)
        if old is None or new is None or len(old) < 2 or len(new) < 2:
            continue
        text = f"Kubernetes of `{pair.new.name}` was `{before}` and is `{now}`: Cluster API refuses "
        if new < old or (new == old and _is_older_build(now, before)):
            yield Problem(pair.new.manifest.at(*VERSION), f"{text}an older version; go back to `{before}`")
        elif new[0] != old[0] or new[1] > old[1] + 1:
            step = f"{old[0]}.{old[1] + 1}"
            yield Problem(pair.new.manifest.at(*VERSION), f"{text}to skip a minor release; go to {step} first")


def _is_older_build(now: str, before: str) -> bool:
    """Return whether the part after the `+` counts down; two of different forms are not compared."""
    new, old = (text.partition("+")[2].partition("-tkg")[0] for text in (now, before))
    if re.sub(r"\d+", "0", new) != re.sub(r"\d+", "0", old):
        return False
    numbers = ([int(number) for number in re.findall(r"\d+", text)] for text in (new, old))
    return next(numbers) < next(numbers)
