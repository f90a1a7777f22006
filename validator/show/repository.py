"""The overview of a repository: what its manifests describe, completed by its estate file.

Where both speak the manifests win: `estate validate` says where they disagree, `estate show` shows what would run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from validator.model import Cluster, Estate, Release, says_leader
from validator.show.overview import (
    BY_TKG,
    FOLLOWER,
    LEADER,
    MEMBER,
    ClusterRow,
    NameRow,
    Overview,
    SiteRow,
    of_declared,
)


def of_repository(estate: Estate) -> Overview:
    """Return the overview of what a repository's manifests describe, completed by its estate file."""
    declared = of_declared(estate.declared.resolved) if estate.declared and estate.declared.resolved else None
    known = {site.name: site for site in declared.sites} if declared else {}
    leader = _leader_controller(estate)
    members = {id(cluster) for selection in estate.selections for cluster in selection.members}
    engines = {release.engine for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko)}
    sites = [
        _site(clusters, known.get(name, SiteRow(name)), leader, members)
        for name, clusters in estate.sites.items()
        if any(cluster.ako or cluster.amko for cluster in clusters)
    ]
    return Overview(
        declared.name if declared else None,
        tuple(sorted(engines - {"tkg"})),  # TKG installs AKO, and syncs nothing
        declared.parent_zone if declared else None,
        declared.domains if declared else (),
        leader or (declared.leader_controller if declared else None),
        tuple(sites),
        tuple(_names(estate, declared)),
    )


def _leader_controller(estate: Estate) -> str | None:
    for release in _leading_first(estate):
        if text := release.text("configs", "gslbLeaderController"):
            return text
    return None


def _leading_first(estate: Estate) -> Iterator[Release]:
    for federation in estate.federations:
        yield from federation.leaders
    for federation in estate.federations:
        yield from federation.releases


def _site(clusters: list[Cluster], known: SiteRow, leader: str | None, members: set[int]) -> SiteRow:
    releases = [release for cluster in clusters for release in cluster.ako]
    hosts = dict.fromkeys(text for one in releases if (text := one.text("ControllerSettings", "controllerHost")))
    versions = dict.fromkeys(text for one in releases if (text := one.text("ControllerSettings", "controllerVersion")))
    controller = ", ".join(hosts) or known.controller
    rows = {row.name: row for row in known.clusters}
    return replace(
        known,
        controller=controller,
        version=", ".join(versions) or known.version,
        leads=controller == leader if controller and leader else known.leads,
        clusters=tuple(
            _cluster(cluster, rows.get(cluster.name, ClusterRow(cluster.name)), id(cluster) in members)
            for cluster in clusters
            if cluster.ako or cluster.amko
        ),
    )


def _cluster(cluster: Cluster, known: ClusterRow, member: bool) -> ClusterRow:
    return replace(
        known,
        context=cluster.context or known.context,
        role=_role(cluster) or (MEMBER if member else None),
        ako=_versions(cluster.ako),
        amko=_versions(cluster.amko),
    )


def _role(cluster: Cluster) -> str | None:
    if cluster.amko:
        return LEADER if any(says_leader(release) for release in cluster.amko) else FOLLOWER
    return None


def _versions(releases: list[Release]) -> str | None:
    return ", ".join(dict.fromkeys(_version(release) for release in releases)) or None


def _version(release: Release) -> str:
    return BY_TKG if release.engine == "tkg" else release.version or "version not known"


def _names(estate: Estate, declared: Overview | None) -> Iterator[NameRow]:
    """Yield the global names that the policies select, then those that only the estate file knows."""
    known = {row.host: row for row in declared.names} if declared else {}
    found: dict[str, dict[str, None]] = {}
    for selection in estate.selections:
        for name, candidates in selection.names.items():
            found.setdefault(name, {}).update(dict.fromkeys(one.cluster.name for one in candidates))
    for host in sorted(found):
        yield replace(known.get(host, NameRow(host, ())), clusters=tuple(found[host]))
    yield from (row for host, row in sorted(known.items()) if host not in found)
