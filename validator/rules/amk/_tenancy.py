"""The namespaces of the clusters that a federation takes members from."""

from __future__ import annotations

from validator.facts import names
from validator.model import Cluster, Estate, Federation
from validator.read.manifest import Manifest

TENANT = names.TENANT
MEMBERS = ("configs", "memberClusters")


def member_clusters(estate: Estate, federation: Federation) -> list[Cluster]:
    """Return the clusters of the federation, and those that it takes members from."""
    naming = estate.naming(federation)
    found = {id(cluster): cluster for cluster in federation.clusters}
    for text, places in naming.mentions.items():
        if any(place.pointer[:2] == MEMBERS for place in places):
            cluster = estate.cluster_of(naming.of(text) or "")
            if cluster is not None:
                found.setdefault(id(cluster), cluster)
    return list(found.values())


def member_namespaces(estate: Estate, federation: Federation) -> dict[str, list[tuple[Cluster, Manifest]]]:
    """Return the Namespace objects of the member clusters by name."""
    found: dict[str, list[tuple[Cluster, Manifest]]] = {}
    for cluster in member_clusters(estate, federation):
        for manifest in cluster.of("Namespace", ""):
            if not manifest.uncertain:
                found.setdefault(manifest.name, []).append((cluster, manifest))
    return found
