"""A GlobalDeploymentPolicy or a GSLBConfig gets another name.

What it finds:
    An object of either kind in `avi-system` that is gone since the base revision while one with another name has
    appeared in the same cluster. Needs `--base`.

Why it matters:
    The new object is applied before the old one is pruned. AMKO refuses a second policy (`a GDP object already
    exists, can't add another`), then sees the old one deleted, takes its filter away and deletes every GSLB service;
    the new policy stays refused until AMKO restarts. While both are there the federation stops, and followers lose
    the object whose name differs from the leader's.
    Source: AMKO gslb/ingestion/gdp_controller.go AddGDPObj, DeleteGDPObj; federator/controllers/utils.go (1.9.1 to
    2.1.1).

Bad:
    kind: GlobalDeploymentPolicy
    metadata: {name: gdp-new, namespace: avi-system}     # was global-gdp

Good:
    kind: GlobalDeploymentPolicy
    metadata: {name: global-gdp, namespace: avi-system}

Fix:
    Keep the name and change what is below `spec`; the charts call the objects `global-gdp` and `gc-1`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import Pair
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule

GROUP = "amko.vmware.com"
EFFECT = {
    "GlobalDeploymentPolicy": "AMKO refuses the new one as long as the old one is there, and deletes every GSLB "
    "service "
    "when that is pruned",
    "GSLBConfig": "AMKO refuses the new one as long as the old one is there, and has none when that is pruned",
}


@rule("GDP902", Severity.ERROR, sources=("AMKO-FED-06", "AMKO gslb/ingestion/gdp_controller.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.clusters if estate.past else ():
        for kind in EFFECT:
            yield from _renamed(pair, kind)


def _renamed(pair: Pair[Cluster], kind: str) -> Iterator[Problem]:
    old, new = ({item.name: item for item in one.of(kind, GROUP)} for one in (pair.old, pair.new))
    gone = sorted(old.keys() - new.keys())
    for name in sorted(new.keys() - old.keys()):
        if gone:
            yield Problem(
                new[name].at("metadata", "name"),
                f"the {kind} of cluster `{pair.new.name}` was called `{gone[0]}` and is called `{name}`: "
                f"{EFFECT[kind]}; keep the name",
            )
