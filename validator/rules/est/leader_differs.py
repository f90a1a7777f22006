"""Another cluster leads AMKO than the estate file says.

What it finds:
    Exactly one AMKO release of the federation says that it leads, and it is not the one of `amko.leader` in
    `estate.yaml`.

Why it matters:
    The failover was made in the manifests only. The next rendering moves the lead back while the new leader
    still runs: for as long as the two sites reconcile apart, both say that they lead, and AMKO stops in both.
    Source: AMKO docs/federation.md; federator/controllers/utils.go ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    # estate.yaml
    amko: {leader: tkg-site01}
    # site02
    federation: {currentCluster: tkg-site02-admin@tkg-site02, currentClusterIsLeader: true}

Good:
    # estate.yaml
    amko: {leader: tkg-site02}

Fix:
    Write the leader that is meant into the estate file, and render the repository from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.est._declared import differs, entries


@rule("EST204", Severity.ERROR, sources=("EST", "AMKO docs/federation.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = {id(entry.cluster): entry for entry in entries(estate) if entry.cluster is not None}
    for federation in estate.federations:
        if len(federation.leaders) != 1:
            continue
        leader = federation.leaders[0]
        entry = declared.get(id(leader.cluster))
        if entry is None or entry.data["isAmkoLeader"] or estate.declared is None:
            continue
        wanted = next((other.data["name"] for other in declared.values() if other.data["isAmkoLeader"]), None)
        if wanted is not None:
            at = leader.at("federation", "currentClusterIsLeader")
            yield differs(at, "the AMKO leader", leader.cluster.name, wanted, estate.declared.at("amko", "leader"))
