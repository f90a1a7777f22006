"""A member of the federation that runs no AMKO.

What it finds:
    A context in `federation.memberClusters` that is the context of a cluster of this repository, where the repository installs
    no AMKO.

Why it matters:
    The leader copies configuration and policy to the AMKOs of all members and asks each for its AMKOCluster object: `no
    AMKOCluster object present in cluster X, can't federate`. Nothing is copied there, and the cluster cannot take over. A cluster
    that only gives members to GSLB belongs into `configs.memberClusters`, not into `federation.memberClusters`.
    Source: AMKO federator/controllers/utils.go ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    # cluster b runs AKO only
    federation: {memberClusters: [a-admin@a, b-admin@b]}

Good:
    federation: {memberClusters: [a-admin@a]}
    configs: {memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]}

Fix:
    Install AMKO in the cluster as a follower, or take its context out of `federation.memberClusters` in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Federation, Mention
from validator.read.documents import Document
from validator.rules import rule

SHAPE = {"chart", "chartRef", "values", "source", "sources"}
MEMBERS = ("federation", "memberClusters")


@rule("AMK108", Severity.ERROR, sources=("AMKO-FED-05",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        for cluster, mentions in _without(estate, federation):
            first, *others = mentions
            yield Problem(
                first.at,
                f"`{first.context}` in `{first.title}` is cluster `{cluster.name}`, which runs no AMKO; install it there, or take "
                "the context out of this list in every cluster",
                related=tuple((other.at, f"`{other.context}` here too") for other in others[:20]),
            )


def _without(estate: Estate, federation: Federation) -> Iterator[tuple[Cluster, list[Mention]]]:
    naming = estate.naming(federation)
    # What comes from elsewhere in all clusters does not bring AMKO: in the others, AMKO stands in this repository.
    common = frozenset.intersection(*(one.workloads.foreign(estate.folders) for one in federation.clusters))
    for text, places in naming.mentions.items():
        members = [mention for mention in places if mention.pointer[:2] == MEMBERS]
        context = naming.of(text)
        if not members or context is None or context in naming.own or text in naming.wrong:
            continue
        cluster = estate.cluster_of(context)
        if cluster is None or cluster.amko or not cluster.manifests:
            continue
        if not cluster.workloads.foreign(estate.folders) - common and not _is_broken(estate, federation, cluster):
            yield cluster, members


def _is_broken(estate: Estate, federation: Federation, cluster: Cluster) -> bool:
    """Return whether AMKO's release is there but is no object that Flux or Argo CD knows, which other rules tell."""
    names = {release.manifest.name for release in federation.releases}
    return any(
        document.name in names and document.path.startswith(f"{cluster.root}/") and _was_meant(document)
        for document in estate.documents
    )


def _was_meant(document: Document) -> bool:
    spec = document.value.get("spec") if isinstance(document.value, dict) else None
    return document.kind in {"HelmRelease", "Application"} or (isinstance(spec, dict) and not SHAPE.isdisjoint(spec))
