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
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig
from validator.rules import rule
from validator.rules.est._declared import Entry, differs, entries

SITE = {"vcenter": ("vcenter",), "user": ("vcenter", "sshAuthorizedKeys")}
KEYS = {"apiServerEndpoint": "endpoint", "apiServerPort": "endpointPort", "worker": "nodePools"}
TOPOLOGY = ("spec", "topology")


@rule("EST206", Severity.ERROR, sources=("EST", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    for entry in entries(estate):
        manifest = entry.cluster.tkg if entry.cluster else None
        if manifest is not None and not manifest.uncertain:
            yield from _networks(entry, manifest)
            yield from _variables(entry, manifest)
            yield from _machines(entry, manifest)


def _networks(entry: Entry, manifest: Manifest) -> Iterator[Problem]:
    for field in ("pods", "services"):
        pointer = ("spec", "clusterNetwork", field, "cidrBlocks")
        given, wanted = manifest.get(*pointer), entry.data.get(field)
        if isinstance(given, list) and isinstance(wanted, list) and given != wanted:
            what = f"network of {field} of `{manifest.name}`"
            yield differs(manifest.at(*pointer), what, _text(given), _text(wanted), entry.at(field))


def _variables(entry: Entry, manifest: Manifest) -> Iterator[Problem]:
    given = manifest.get(*TOPOLOGY, "variables")
    wanted = {item["name"]: item["value"] for item in entry.data.get("variables", [])}
    for index, item in enumerate(given if isinstance(given, list) else []):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or name not in wanted:
            continue
        said = entry.site_at(*SITE[name]) if name in SITE else entry.at(KEYS.get(name, name))
        for below, here, there in _leaves(item.get("value"), wanted[name], ()):
            at = manifest.at(*TOPOLOGY, "variables", index, "value", *below)
            what = f"variable `{'.'.join(map(str, (name, *below)))}` of `{manifest.name}`"
            deeper = entry.site_at(*SITE[name], *below) if name == "vcenter" else said
            yield differs(at, what, _text(here), _text(there), deeper)


def _leaves(given: Any, wanted: Any, pointer: Pointer) -> Iterator[tuple[Pointer, Any, Any]]:
    """Yield the places where both sides have a plain value and these differ."""
    if isinstance(given, dict) and isinstance(wanted, dict):
        for key in given.keys() & wanted.keys():
            yield from _leaves(given[key], wanted[key], (*pointer, key))
    elif type(given) is type(wanted) and given != wanted:
        yield pointer, given, wanted


def _machines(entry: Entry, manifest: Manifest) -> Iterator[Problem]:
    pointer = (*TOPOLOGY, "controlPlane", "replicas")
    given, wanted = manifest.get(*pointer), dig(entry.data, ("controlPlane", "replicas"))
    if isinstance(given, int) and isinstance(wanted, int) and given != wanted:
        what = f"number of control plane nodes of `{manifest.name}`"
        yield differs(manifest.at(*pointer), what, given, wanted, entry.at("controlPlane", "replicas"))
    pools = {pool["name"]: (index, pool) for index, pool in enumerate(entry.data.get("nodePools", []))}
    found = manifest.get(*TOPOLOGY, "workers", "machineDeployments")
    for index, item in enumerate(found if isinstance(found, list) else []):
        name = item.get("name") if isinstance(item, dict) else None
        place = (*TOPOLOGY, "workers", "machineDeployments", index)
        if not isinstance(name, str):
            continue
        if name not in pools:
            names = ", ".join(sorted(pools))
            yield differs(
                manifest.at(*place, "name"),
                f"node pool of `{manifest.name}`",
                name,
                names,
                entry.at("nodePools"),
            )
        elif isinstance(item.get("replicas"), int) and item["replicas"] != pools[name][1]["replicas"]:
            said = entry.at("nodePools", pools[name][0], "replicas")
            what = f"number of nodes in `{name}` of `{manifest.name}`"
            yield differs(manifest.at(*place, "replicas"), what, item["replicas"], pools[name][1]["replicas"], said)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
