"""AKO settings that meet: in one Avi cloud, or with the cluster's own network."""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file.checks.view import Item, View, repeated
from validator.estate_file.flaw import Flaw, shown
from validator.facts import ako, tkg, version

_LONGEST = 32
_LATE_PLUGINS = ("cilium", "ovn-kubernetes")


def shared_cloud(view: View) -> Iterator[Flaw]:
    """Find clusters of one Avi cloud that share a name or, where AKO routes to pods, an SE group.

    AKO labels the SE group with its cluster's name and restarts for ever when another's is there
    (validateAndConfigureSeGroup, docs/faq.md).
    """
    for _, clusters in view.neighbours():
        neighbours = [c for c in clusters if c.block("ako").data.get("enabled")]
        names = [
            (_ako_name(c), c.block("ako").place("clusterName") if _named(c) else c.place("name")) for c in neighbours
        ]
        yield from repeated(names, "AKO cluster name", "AKO takes objects of its own name in the cloud for its own")
        routed = [c for c in neighbours if _routes(c)]
        groups = [(c.block("ako").data.get("serviceEngineGroup"), _group_place(c)) for c in routed]
        hint = "AKO ties an SE group to one cluster in ClusterIP mode: set `serviceEngineGroup` per cluster"
        yield from repeated(groups, "SE group", hint)
        yield from _prefixes(routed, view.version("ako"))


def name_length(view: View) -> Iterator[Flaw]:
    """Find cluster names that are too long for AKO, which asks for 32 characters at most (IsClusterNameValid)."""
    for cluster in view.clusters:
        block = cluster.block("ako")
        if cluster.by_tkg:
            continue  # TKG gives the name
        if block.data.get("enabled") and len(cluster.name) > _LONGEST and not view.given(block, "clusterName"):
            message = (
                f"{shown(cluster.name)} has {len(cluster.name)} characters, AKO takes {_LONGEST} as a cluster's name"
            )
            yield Flaw(cluster.place("name"), message, "shorten it, or give AKO another as `ako.clusterName`")


def service_type(view: View) -> Iterator[Flaw]:
    """Find service types that do not fit the CNI, and selectors that nobody reads."""
    for cluster in view.clusters:
        block = cluster.block("ako")
        kind, cni = block.data.get("serviceType"), cluster.data.get("cni")
        plugin = block.data.get("cniPlugin", cni)
        if kind == "NodePortLocal" and plugin and plugin != "antrea":
            message = f"`NodePortLocal` is a feature of Antrea, and the CNI here is {shown(plugin)}"
            yield Flaw(block.place("serviceType"), message, "use ClusterIP or NodePort")
        if "nodePortSelector" in block.data and kind in ("ClusterIP", "NodePortLocal"):
            message = f"`nodePortSelector` is read with serviceType `NodePort` only, here it is `{kind}`"
            yield Flaw(block.place("nodePortSelector"), message, key=True)


def cni_plugin(view: View) -> Iterator[Flaw]:
    """Find a CNI that the cluster does not have, or that this AKO does not know."""
    release = view.version("ako")
    for cluster in view.clusters:
        block = cluster.block("ako")
        plugin, cni = block.data.get("cniPlugin"), cluster.data.get("cni")
        if plugin and cni in ("antrea", "calico") and plugin != cni:
            message = f"`cniPlugin` is {shown(plugin)}, but the cluster's `cni` is {shown(cni)}"
            yield Flaw(block.place("cniPlugin"), message, "leave it out to follow `cni`", related=cluster.at)
        if plugin in _LATE_PLUGINS and release and (version.compare(release, "1.10.1") or 0) < 0:
            yield Flaw(
                block.place("cniPlugin"), f"AKO {release} does not know {shown(plugin)}", "AKO 1.10.1 and newer do"
            )


def cloud_type(view: View) -> Iterator[Flaw]:
    """Find a Tier-1 router where there is none, and an NSX-T overlay cloud without one."""
    for cluster in view.clusters:
        kind = cluster.owner.block("avi", "cloud").data.get("type") if cluster.owner else None
        block = cluster.block("ako")
        if not kind or not block.data.get("enabled"):
            continue
        if kind == "nsxt-overlay" and not view.given(block, "nsxtT1LR"):
            message = f"`ako` of `{cluster.name}` needs `nsxtT1LR`: its cloud is an NSX-T overlay"
            yield Flaw(block.at, message, "the ID path of the Tier-1 router, `/infra/tier-1s/<id>`", key=True)
        elif kind != "nsxt-overlay" and "nsxtT1LR" in block.data:
            message = f"`nsxtT1LR` is for an NSX-T overlay cloud, this one is {shown(kind)}"
            yield Flaw(block.place("nsxtT1LR"), message, key=True)


def replicas(view: View) -> Iterator[Flaw]:
    """Find two AKO pods with one node to run on: they refuse to share one."""
    for cluster in view.clusters:
        pools = [pool.get("replicas", 0) for pool, _ in cluster.listed("nodePools") if isinstance(pool, dict)]
        block = cluster.block("ako")
        if block.data.get("replicas") == 2 and pools and sum(pools) < 2:
            message = f"two AKO pods need two worker nodes, `{cluster.name}` has {sum(pools)}"
            yield Flaw(block.place("replicas"), message)


CHECKS = (shared_cloud, name_length, service_type, cni_plugin, cloud_type, replicas)


def _prefixes(clusters: list[Item], release: str | None) -> Iterator[Flaw]:
    if not release or ako.has(release, "safeClusterNamePrefix") is not False:
        return
    for cluster in clusters:
        name = _ako_name(cluster)
        longer = next(
            (c for c in clusters if c is not cluster and name and (_ako_name(c) or "").startswith(name)), None
        )
        if longer is not None and _ako_name(longer) != name:
            message = f"{shown(name)} begins the name of `{_ako_name(longer)}` in the same cloud"
            hint = f"AKO {release} deletes the other's static routes when it restarts; AKO 1.9.3 and newer do not"
            yield Flaw(cluster.place("name"), message, hint, related=longer.place("name"))


def _routes(cluster: Item) -> bool:
    data = cluster.block("ako").data
    return data.get("serviceType") == "ClusterIP" and not data.get("disableStaticRouteSync")


def _named(cluster: Item) -> bool:
    return "clusterName" in cluster.block("ako").data


def _ako_name(cluster: Item) -> str | None:
    if cluster.by_tkg and cluster.owner is not None:
        namespace = cluster.owner.block("management").data.get("namespace") or "default"
        return tkg.avi_name(namespace, cluster.name) if cluster.name else None
    return cluster.block("ako").data.get("clusterName") or cluster.name or None


def _group_place(cluster: Item) -> tuple[str | int, ...]:
    return cluster.block("ako").place("serviceEngineGroup")
