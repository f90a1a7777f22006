"""The estate file declares a cluster, or something in it, that the repository does not have.

What it finds:
    A declared workload cluster without any manifest; one without its ClusterClass `Cluster` object while other
    clusters have theirs; one without AKO or AMKO although the estate file says that they run there, and one
    with AMKO although it does not.

Why it matters:
    The site is thought to serve and does not: AMKO has no members there, and a cluster that was to take over
    the lead cannot. A follower that nobody knows of becomes a second leader after a failover.
    Source: AMKO gslb/ingestion/gslb.go InitializeGSLBMemberClusters (1.9.1 to 2.1.1); docs/federation.md.

Bad:
    # estate.yaml
    sites: [{name: site02, clusters: [{name: tkg-b, amko: true}]}]
    # sites/site02/clusters/tkg-b has no AMKO release

Good:
    # estate.yaml
    sites: [{name: site02, clusters: [{name: tkg-b, amko: false}]}]

Fix:
    Render the repository again from the estate file, or correct the estate file.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.nearness import nearest
from validator.rules import rule
from validator.rules.est._declared import Entry, entries


@rule("EST202", Severity.ERROR, sources=("EST", "AMKO gslb/ingestion/gslb.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    objects = any(cluster.runs_clusters for cluster in estate.clusters)
    strangers = [topology.name for topology in estate.topologies if not topology.declared]
    for entry in entries(estate):
        cluster, name = entry.cluster, entry.data["name"]
        if cluster is None:
            text = f"cluster `{name}` is declared, but nothing in the repository belongs to it"
            yield Problem(entry.at("name"), text, absence=entry.data["path"])
            continue
        if objects and cluster.tkg is None and nearest(name, strangers) is None:
            text = f"cluster `{name}` is declared, but no `Cluster` object of that name is applied"
            yield Problem(entry.at("name"), text, absence=entry.site["path"])
        if not cluster.uncertain:
            yield from _releases(estate, entry, cluster)


def _releases(estate: Estate, entry: Entry, cluster: Cluster) -> Iterator[Problem]:
    name, root = entry.data["name"], cluster.root
    if entry.data["akoByChart"] and not cluster.ako:
        text = f"AKO is declared for cluster `{name}`, but `{root}` has no AKO release"
        yield Problem(entry.at("ako"), text, absence=root)
    if entry.data["runsAmko"] and not cluster.amko and not _listed(estate, entry.data["context"]):
        text = f"AMKO is declared for cluster `{name}`, but `{root}` has no AMKO release"
        yield Problem(entry.at("amko"), text, absence=root)
    if cluster.amko and not entry.data["runsAmko"]:
        at = cluster.amko[0].manifest.at("metadata", "name")
        text = f"AMKO runs in cluster `{name}`, the estate file does not say `amko: true` for it"
        yield Problem(at, text, related=((entry.at("amko"), "declared here"),))


def _listed(estate: Estate, context: str) -> bool:
    """Return whether another AMKO federates to the context: the rule on federations then tells."""
    releases = (release for cluster in estate.clusters for release in cluster.amko)
    lists = (release.get("federation", "memberClusters") for release in releases)
    return any(context in members for members in lists if isinstance(members, list))
