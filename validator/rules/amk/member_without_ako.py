"""A member cluster of GSLB that runs no AKO.

What it finds:
    A context in `configs.memberClusters` that is the context of a cluster of this repository, where the repository installs no AKO.
    Clusters that the estate file declares are told by the rule on the estate file.

Why it matters:
    AMKO reads addresses and names that AKO writes. Without AKO there are none, and without its CRDs AMKO from 1.11.1 on does not even
    join the cluster: `HostRule API not available for cluster`, tried again every 30 seconds.
    Source: AMKO gslb/ingestion/member_controllers.go InitializeMemberCluster (1.11.1 to 2.1.1).

Bad:
    # cluster b has no AKO
    configs: {memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]}

Good:
    configs: {memberClusters: [{clusterContext: a-admin@a}]}

Fix:
    Install AKO in the cluster, or take it out of `configs.memberClusters`, `matchClusters` and `trafficSplit`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

MEMBERS = ("configs", "memberClusters")


@rule("AMK310", Severity.ERROR, sources=("AMKO-VER-01",))
def check(estate: Estate) -> Iterator[Problem]:
    if not estate.members:
        return  # a repository without AKO at all: it is installed from elsewhere
    for federation in estate.federations:
        naming = estate.naming(federation)
        for text, places in naming.mentions.items():
            listed = [place for place in places if place.pointer[:2] == MEMBERS]
            cluster = estate.cluster_of(text) if listed and text not in naming.wrong else None
            if cluster is None or cluster.ako or cluster.uncertain or not cluster.manifests:
                continue
            if cluster.declared is not None or cluster.workloads.foreign(estate.folders):
                continue
            yield Problem(
                listed[0].at,
                f"`{text}` in `{listed[0].title}` is cluster `{cluster.name}`, which runs no AKO; AMKO finds no members there",
                related=tuple((other.at, f"`{text}` here too") for other in listed[1:20]),
            )
