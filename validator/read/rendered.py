"""AMKO's objects that stand in a repository without a chart, read back as the values that would make them.

Source: AMKO helm/amko/templates/{amkocluster,gslbconfig,gdp}.yaml@2.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.model import Release
from validator.read.effective import Layer, Values
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig

_PARTS: dict[str, tuple[tuple[Pointer, Pointer], ...]] = {
    "AMKOCluster": (
        (("federation", "currentCluster"), ("spec", "clusterContext")),
        (("federation", "currentClusterIsLeader"), ("spec", "isLeader")),
        (("federation", "memberClusters"), ("spec", "clusters")),
    ),
    "GSLBConfig": (
        (("configs", "gslbLeaderController"), ("spec", "gslbLeader", "controllerIP")),
        (("configs", "controllerVersion"), ("spec", "gslbLeader", "controllerVersion")),
        (("configs", "tenant"), ("spec", "gslbLeader", "tenant")),
        (("configs", "memberClusters"), ("spec", "memberClusters")),
        (("configs", "refreshInterval"), ("spec", "refreshInterval")),
        (("configs", "logLevel"), ("spec", "logLevel")),
        (("configs", "useCustomGlobalFqdn"), ("spec", "useCustomGlobalFqdn")),
        (("configs", "amkoUUID"), ("metadata", "annotations", "amko.vmware.com/amko-uuid")),
    ),
    "GlobalDeploymentPolicy": (
        (("globalDeploymentPolicy", "appSelector"), ("spec", "matchRules", "appSelector")),
        (("globalDeploymentPolicy", "namespaceSelector"), ("spec", "matchRules", "namespaceSelector")),
        (("globalDeploymentPolicy",), ("spec",)),
    ),
}


HOLDERS = {"federation": "AMKOCluster", "configs": "GSLBConfig", "globalDeploymentPolicy": "GlobalDeploymentPolicy"}
"""The kind of object that a block of values is written to."""


def title(pointer: Pointer) -> str:
    """Return kind and field of the object that a chart value would be written to."""
    for kind, mounts in _PARTS.items():
        for inside, outside in mounts:
            if pointer[: len(inside)] == inside:
                return f"{kind} {'.'.join(map(str, (*outside, *pointer[len(inside) :])))}"
    return ".".join(map(str, pointer))


def objects(release: Release) -> dict[str, Manifest]:
    """Return the objects that a release without a chart is read from, by kind."""
    return {layer.source.kind: layer.source for layer in release.values.layers if isinstance(layer.source, Manifest)}


def lacks(release: Release, block: str) -> bool:
    """Return whether a release without a chart has not the object that a block of values would be written to."""
    return release.engine == "manifests" and HOLDERS.get(block) not in objects(release)


def releases(manifests: list[Manifest]) -> Iterator[Release]:
    """Yield at most one release, made of the AMKO objects of one cluster."""
    found = [manifest for manifest in manifests if manifest.kind in _PARTS and manifest.group == "amko.vmware.com"]
    anchor = next((manifest for manifest in found if manifest.kind == "AMKOCluster"), None)
    if anchor is None:
        anchor = next((manifest for manifest in found if manifest.kind == "GSLBConfig"), None)
    if anchor is None:
        return
    layers = tuple(_layer(manifest) for manifest in found)
    version = dig(anchor.value, ("spec", "version"))
    yield Release(
        "amko",
        anchor,
        version if isinstance(version, str) else None,
        anchor.at("spec", "version"),
        anchor.name,
        anchor.namespace,
        Values(layers, anchor.at("spec")),
        "manifests",
    )


def _layer(manifest: Manifest) -> Layer:
    return Layer(values_of(manifest.kind, manifest.value), manifest, (), mounts=_PARTS[manifest.kind])


def values_of(kind: str, content: Any) -> dict[str, Any]:
    """Return the chart values that would make an AMKO object, empty for any other kind."""
    value: dict[str, Any] = {}
    for inside, outside in _PARTS.get(kind, ()):
        found = dig(content, outside)
        if found is None:
            continue
        here = value
        for step in inside[:-1]:
            here = here.setdefault(str(step), {})
        if inside == ("globalDeploymentPolicy",):
            known = here.get("globalDeploymentPolicy", {})
            rest = {key: item for key, item in found.items() if key != "matchRules"} if isinstance(found, dict) else {}
            here["globalDeploymentPolicy"] = {**rest, **known}
        else:
            here[str(inside[-1])] = found
    return value
