"""A ClusterClass `Cluster` object is not the one that the estate file declares.

What it finds:
    Addresses, networks, machine sizes, replicas and topology variables of a `Cluster` object that differ from
    `estate.yaml`: the API endpoint, pod and service networks, everything of `vcenter`, node pools and their
    replicas.

Why it matters:
    Each of these either moves the cluster (endpoint, networks and vCenter paths: new machines, or a cluster
    that cannot be reached under the address that the kubeconfigs of AMKO hold) or is undone by the next
    rendering.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere; cluster-api v1.2.8 topology reconciler.

Bad:
    # estate.yaml: endpoint 192.0.2.40
    variables: [{name: apiServerEndpoint, value: 192.0.2.41}]

Good:
    variables: [{name: apiServerEndpoint, value: 192.0.2.40}]

Fix:
    Make the estate file and the object say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.est._declared import Entry, differs, entries
from validator.rules.est._variables import compare, text
from validator.tkg.topologies import SPEC, Topology

OS_IMAGE = "run.tanzu.vmware.com/resolve-os-image"
BY_DEFAULT = 1
"""Nodes that Cluster API makes where `replicas` is not given."""


@rule("EST206", Severity.ERROR, sources=("EST", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    topologies = {id(topology.manifest): topology for topology in estate.topologies}
    for entry in entries(estate):
        topology = topologies.get(id(entry.cluster.tkg)) if entry.cluster else None
        if topology is not None and not topology.manifest.uncertain:
            yield from _networks(entry, topology)
            yield from compare(estate, entry, topology)
            yield from _pools(entry, topology)
            control = topology.manifest.spec["topology"].get("controlPlane")
            if isinstance(control, dict) or not topology.is_vsphere:
                place = (*SPEC, "controlPlane")
                yield from _machines(entry, topology, control, place, ("controlPlane",), "the control plane")


def _networks(entry: Entry, topology: Topology) -> Iterator[Problem]:
    for field in ("pods", "services"):
        pointer = ("spec", "clusterNetwork", field, "cidrBlocks")
        given, wanted = topology.manifest.get(*pointer), entry.data.get(field)
        plain = given is None or (isinstance(given, list) and all(isinstance(item, str) for item in given))
        if isinstance(wanted, list) and plain and given != wanted:
            what = f"network of {field} of `{topology.name}`"
            yield differs(topology.manifest.at(*pointer), what, text(given), text(wanted), entry.at(field))


def _pools(entry: Entry, topology: Topology) -> Iterator[Problem]:
    items = topology.manifest.get(*SPEC, "workers", "machineDeployments")
    if not isinstance(items, list | None) or len(items or []) != len([pool for pool in topology.pools if pool.name]):
        return
    pools = {pool["name"]: index for index, pool in enumerate(entry.data.get("nodePools", []))}
    given = {pool.name for pool in topology.pools}
    for pool in topology.pools:
        if pool.name not in pools:
            names = ", ".join(sorted(pools))
            at = topology.pool_at(pool, "name")
            yield differs(at, f"node pool of `{topology.name}`", pool.name, names, entry.at("nodePools"))
            continue
        place = (*SPEC, "workers", "machineDeployments", pool.index)
        said = ("nodePools", pools[pool.name])
        yield from _machines(entry, topology, pool.data, place, said, f"node pool `{pool.name}`")
    missing = sorted(pools.keys() - given)
    if missing and not given - pools.keys():
        at = topology.manifest.at(*SPEC, "workers", "machineDeployments")
        listed = ", ".join(sorted(given))
        yield differs(at, f"node pools of `{topology.name}`", listed, ", ".join(sorted(pools)), entry.at("nodePools"))


def _machines(
    entry: Entry, topology: Topology, data: Any, place: Pointer, said: Pointer, what: str
) -> Iterator[Problem]:
    """Compare a group of machines, whose `data` stand at `place`, with what is said of it."""
    manifest = topology.manifest
    given, wanted = dig(data, ("replicas",)), dig(entry.data, (*said, "replicas"))
    annotations = dig(data, ("metadata", "annotations")) or {}
    given = BY_DEFAULT if given is None else given
    if (
        isinstance(given, int)
        and isinstance(wanted, int)
        and given != wanted
        and not any("autoscaler" in key for key in annotations)
    ):
        at = manifest.at(*place, "replicas")
        yield differs(at, f"number of nodes of {what} of `{topology.name}`", given, wanted, entry.at(*said, "replicas"))
    selector, declared = dig(annotations, (OS_IMAGE,)), dig(entry.data, ("os", "selector"))
    if isinstance(selector, str) and isinstance(declared, str) and _pairs(selector) != _pairs(declared):
        at = manifest.at(*place, "metadata", "annotations", OS_IMAGE)
        yield differs(at, f"image selector of {what} of `{topology.name}`", selector, declared, entry.at("os"))


@lru_cache(maxsize=1024)
def _pairs(selector: str) -> frozenset[str]:
    return frozenset(part.strip() for part in selector.split(","))
