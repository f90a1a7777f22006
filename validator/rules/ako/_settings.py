"""What several AKO rules ask: settings with their defaults, and what the cluster under AKO is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from validator.model import Cluster, Estate, Release
from validator.once import once
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.values import defaults, flag

CLOUD, CONTROLLER = ("ControllerSettings", "cloudName"), ("ControllerSettings", "controllerHost")
GROUP = ("ControllerSettings", "serviceEngineGroupName")
NAME = ("AKOSettings", "clusterName")
CNI = ("AKOSettings", "cniPlugin")
TYPE = ("L7Settings", "serviceType")


@once
def releases(estate: Estate) -> list[Release]:
    """Return every AKO release."""
    return [release for cluster in estate.clusters for release in cluster.ako]


def setting(release: Release, *pointer: str) -> Any:
    """Return a setting as the chart sees it, its default included; MISSING where that is not known."""
    found = release.get(*pointer)
    if found is not MISSING:
        return found
    if release.values.unknown or release.version is None:
        return MISSING
    found = dig(_defaults(release.chart, release.version), pointer)
    return MISSING if found is None else found


@cache
def _defaults(chart: str, version: str) -> dict[str, Any]:
    """Return the chart's defaults, read once; they are shared and must not be changed."""
    return defaults(chart, version) or {}


def text(release: Release, *pointer: str) -> str | None:
    """Return a setting that is a string, its default included; None for anything else."""
    found = setting(release, *pointer)
    return found if isinstance(found, str) else None


def routed(release: Release) -> bool | None:
    """Return whether an AKO labels Service Engine groups and sets static routes, None where that is not known.

    Source: AKO internal/lib/lib.go GetDisableStaticRoute (1.9.2 to 2.1.1).
    """
    mode, off, cni = (
        text(release, *TYPE),
        flag(setting(release, "AKOSettings", "disableStaticRouteSync")),
        text(release, *CNI),
    )
    if mode is None or off is None or cni is None:
        return None
    return mode == "ClusterIP" and not off and cni.lower() != "ncp"


def place(release: Release) -> tuple[str, str] | None:
    """Return the Avi cloud of an AKO: the controller in small letters without its port, and the name of the cloud."""
    host, cloud = text(release, *CONTROLLER), text(release, *CLOUD)
    if not host or not cloud or "$" in host + cloud:
        return None
    head, _, port = host.rpartition(":")
    return (head if head and port.isdigit() and ":" not in head else host).lower(), cloud


@once
def by_cloud(estate: Estate) -> Iterable[list[Release]]:
    """Return the AKO releases that share an Avi cloud, for each cloud with more than one."""
    groups: dict[tuple[str, str], list[Release]] = {}
    for release in releases(estate):
        if (key := place(release)) is not None:
            groups.setdefault(key, []).append(release)
    return [group for group in groups.values() if len(group) > 1]


@dataclass(frozen=True, slots=True)
class Known:
    """Something known of a cluster, and where it is written; the place is looked up only when it is told."""

    value: str
    find: Callable[[], Ref]

    @property
    def at(self) -> Ref:
        return self.find()


def kubernetes(estate: Estate, cluster: Cluster) -> Known | None:
    """Return the Kubernetes version of a cluster: of its `Cluster` object, else of the estate file."""
    if cluster.tkg is not None:
        found = cluster.tkg.get("spec", "topology", "version")
        if isinstance(found, str):
            return Known(found, partial(cluster.tkg.at, "spec", "topology", "version"))
    return declared(estate, cluster, "kubernetes")


def cni(estate: Estate, cluster: Cluster) -> Known | None:
    """Return the CNI of a cluster: the variable of its `Cluster` object, else what the estate file gives."""
    variables = cluster.tkg.get("spec", "topology", "variables") if cluster.tkg is not None else None
    for index, item in enumerate(variables if isinstance(variables, list) else []):
        if isinstance(item, dict) and item.get("name") == "cni" and isinstance(item.get("value"), str) and cluster.tkg:
            return Known(item["value"], partial(cluster.tkg.at, "spec", "topology", "variables", index, "value"))
    return declared(estate, cluster, "cni")


def declared(estate: Estate, cluster: Cluster, *pointer: str) -> Known | None:
    """Return something that the estate file says of a cluster, defaults included."""
    found = dig(cluster.declared, pointer)
    return Known(found, partial(_place, estate, cluster, 4, pointer)) if isinstance(found, str) else None


def avi(estate: Estate, cluster: Cluster, *pointer: str) -> Known | None:
    """Return something that the estate file says of the Avi controller of a cluster's site."""
    found = dig(estate.avi_of(cluster), pointer)
    return Known(found, partial(_place, estate, cluster, 2, ("avi", *pointer))) if isinstance(found, str) else None


def declared_at(estate: Estate, cluster: Cluster, *pointer: str) -> Ref:
    """Return a place below a declared cluster in the estate file."""
    return _place(estate, cluster, 4, pointer)


def _place(estate: Estate, cluster: Cluster, depth: int, pointer: Pointer) -> Ref:
    assert estate.declared is not None
    found = estate.declared.places.get(id(cluster.declared))
    return estate.declared.at("sites") if found is None else estate.declared.at(*found[:depth], *pointer)
