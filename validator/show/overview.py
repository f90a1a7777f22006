"""The overview of an estate: what its manifests say, and what only the estate file can.

`of_declared` is what an estate file asks for; `of_repository` is what the manifests of a repository describe. Where
both are there the manifests win: `estate validate` says where they disagree, `estate show` shows what would run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from validator.model import Cluster, Estate, Release, says_leader

Data = dict[str, Any]

LEADER, FOLLOWER, MEMBER = "leader", "follower", "member"
"""What a cluster is to AMKO: AMKO leads there, AMKO follows there, GSLB only takes members from it."""


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A workload cluster; None stands for what is not known."""

    name: str
    context: str | None = None
    role: str | None = None
    ako: str | None = None
    amko: str | None = None
    endpoint: str | None = None
    kubernetes: str | None = None


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site with its controller, its name server and its clusters."""

    name: str
    controller: str | None = None
    version: str | None = None
    leads: bool | None = None
    """Whether its Avi controller leads GSLB."""
    management: str | None = None
    name_server: str | None = None
    address: str | None = None
    clusters: tuple[ClusterRow, ...] = ()


@dataclass(frozen=True, slots=True)
class NameRow:
    """A global name, and the clusters that serve it."""

    host: str
    clusters: tuple[str, ...]
    app: str | None = None
    mode: str | None = None
    primary: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole estate."""

    name: str | None
    engines: tuple[str, ...]
    parent_zone: str | None
    domains: tuple[str, ...]
    leader_controller: str | None
    sites: tuple[SiteRow, ...]
    names: tuple[NameRow, ...]

    @property
    def clusters(self) -> Iterator[ClusterRow]:
        return (cluster for site in self.sites for cluster in site.clusters)

    @property
    def leaders(self) -> list[ClusterRow]:
        """Return the clusters in which AMKO leads; a sound estate has one."""
        return [cluster for cluster in self.clusters if cluster.role == LEADER]


def of_declared(resolved: Data) -> Overview:
    """Return the overview of a resolved estate file (`validator.declared`)."""
    gslb, versions = resolved["gslb"], resolved["versions"]
    return Overview(
        resolved["name"],
        (resolved["engine"],),
        gslb["parentZone"],
        tuple(gslb["domains"]),
        gslb["leaderController"],
        tuple(_declared_site(site, versions) for site in resolved["sites"]),
        tuple(
            NameRow(app["host"], tuple(app["clusters"]), app["name"], app["mode"], app["primary"])
            for app in resolved["apps"]
        ),
    )


def _declared_site(site: Data, versions: Data) -> SiteRow:
    avi = site["avi"]
    return SiteRow(
        site["name"],
        avi["controller"],
        avi["version"],
        site["isGslbLeader"],
        site["management"]["cluster"],
        avi["dns"]["host"],
        avi["dns"]["address"],
        tuple(_declared_cluster(cluster, versions) for cluster in site["clusters"]),
    )


def _declared_cluster(cluster: Data, versions: Data) -> ClusterRow:
    role = MEMBER if cluster["isMember"] else None
    if cluster["runsAmko"]:
        role = LEADER if cluster["isAmkoLeader"] else FOLLOWER
    return ClusterRow(
        cluster["name"],
        cluster["context"],
        role,
        versions["ako"] if cluster["runsAko"] else None,
        versions["amko"] if cluster["runsAmko"] else None,
        f"{cluster['endpoint']}:{cluster['endpointPort']}",
        cluster["kubernetes"],
    )


def of_repository(estate: Estate) -> Overview:
    """Return the overview of what a repository's manifests describe, completed by its estate file."""
    declared = of_declared(estate.declared.resolved) if estate.declared and estate.declared.resolved else None
    known = {site.name: site for site in declared.sites} if declared else {}
    leader = _leader_controller(estate)
    members = {id(cluster) for selection in estate.selections for cluster in selection.members}
    sites = [
        _site(name, clusters, known.get(name, SiteRow(name)), leader, members)
        for name, clusters in estate.sites.items()
        if any(cluster.ako or cluster.amko for cluster in clusters)
    ]
    return Overview(
        declared.name if declared else None,
        tuple(sorted({release.engine for cluster in estate.clusters for release in (*cluster.ako, *cluster.amko)})),
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


def _site(name: str, clusters: list[Cluster], known: SiteRow, leader: str | None, members: set[int]) -> SiteRow:
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
    return ", ".join(dict.fromkeys(release.version or "version not known" for release in releases)) or None


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
