"""Nothing says which operating system the nodes run, or two places say different things.

What it finds:
    On a vSphere class: a control plane or node pool without the annotation
    `run.tanzu.vmware.com/resolve-os-image`; one whose `os-name` is not the one of the annotation `osInfo` of
    the Cluster.

Why it matters:
    TKG's webhook must find exactly one image. A release ships Photon and Ubuntu, so without a selector it finds
    two and denies the Cluster: `could not resolve TKR/OSImage for controlPlane`.
    Source: tanzu-framework v0.28.3 tkr/webhook/cluster/tkr-resolver/cluster/cluster.go,
    tkr/util/resolution/resolution.go.

Bad:
    controlPlane: {replicas: 1}

Good:
    controlPlane:
      replicas: 1
      metadata: {annotations: {run.tanzu.vmware.com/resolve-os-image: "image-type=ova,os-name=photon"}}

Fix:
    Add the annotation to the control plane and to every node pool.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.read.manifest import dig
from validator.rules import rule
from validator.tkg.topologies import SPEC, Topology, class_of

ANNOTATION = "run.tanzu.vmware.com/resolve-os-image"


@rule("TKG110", Severity.ERROR, sources=("TKG-10", "tanzu-framework v0.28.3 tkr/util/resolution/resolution.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        known = class_of(estate, topology)
        if topology.is_vsphere and known is not None and known.name not in estate.classes:
            yield from _judge(topology, certain=known.complete)


def _judge(topology: Topology, *, certain: bool) -> Iterator[Problem]:
    info = topology.manifest.annotations.get("osInfo")
    wanted = info.partition(",")[0] if isinstance(info, str) else None
    for where, what in _places(topology):
        selector = dig(topology.manifest.value, (*where, "metadata", "annotations", ANNOTATION))
        at = topology.manifest.at(*where, "metadata", "annotations", ANNOTATION)
        if selector is None:
            text = f"{what} of `{topology.name}` has no annotation `{ANNOTATION}`; TKG finds several images"
            yield Problem(at, text, severity=None if certain else Severity.WARNING)
        elif isinstance(selector, str) and wanted and (name := _os(selector)) and name != wanted:
            related: tuple[tuple[Ref, str], ...] = (
                (topology.manifest.at("metadata", "annotations", "osInfo"), "osInfo is here"),
            )
            text = f"{what} of `{topology.name}` selects `os-name={name}`, annotation `osInfo` says `{wanted}`"
            yield Problem(at, text, related, Severity.WARNING)


def _places(topology: Topology) -> Iterator[tuple[Pointer, str]]:
    yield (*SPEC, "controlPlane"), "the control plane"
    for pool in topology.pools:
        if "windows" not in str(pool.data.get("class", "")):
            yield (*SPEC, "workers", "machineDeployments", pool.index), f"node pool `{pool.name}`"


def _os(selector: str) -> str | None:
    pairs = dict(part.partition("=")[::2] for part in selector.split(","))
    return pairs.get("os-name", "").lstrip("=").strip() or None
