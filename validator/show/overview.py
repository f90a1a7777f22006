"""The overview of an estate: what its manifests say, and what only the estate file can.

`of_declared` is what an estate file asks for; `validator.show.repository` reads what the manifests of a repository
describe. This module needs the standard library only: the template's README is rendered with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]

LEADER, FOLLOWER, MEMBER = "leader", "follower", "member"
"""What a cluster is to AMKO: AMKO leads there, AMKO follows there, GSLB only takes members from it."""
BY_TKG = "by TKG"
"""What stands for the version of an AKO that TKG installs."""


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
    """Return the overview of a resolved estate file (`validator.estate_file.declared`)."""
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
        BY_TKG if cluster["akoByTkg"] else versions["ako"] if cluster["runsAko"] else None,
        versions["amko"] if cluster["runsAmko"] else None,
        f"{cluster['endpoint']}:{cluster['endpointPort']}",
        cluster["kubernetes"],
    )
