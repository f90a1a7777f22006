"""A Cluster of a ClusterClass that no TKG release ships.

What it finds:
    `topology.class` that starts like a class of TKG for vSphere but is none that is known, or is nearly the
    name of one.

Why it matters:
    TKG's webhook denies the Cluster with `ClusterClass not found`. And the variables of an unknown class cannot
    be checked.
    Source: tanzu-framework v0.28.0 to v0.29.0 packages/tkg-clusterclass-vsphere/bundle/config/values.yaml.

Bad:
    topology: {class: tkg-vsphere-default-v1.0}

Good:
    topology: {class: tkg-vsphere-default-v1.0.0}

Fix:
    Write the class of your release, or give it with `--clusterclass`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule
from validator.tkg.topologies import class_of


@rule("TKG127", Severity.ERROR, sources=("tanzu-framework v0.29.0 packages/tkg-clusterclass-vsphere",))
def check(estate: Estate) -> Iterator[Problem]:
    known = tkg.cluster_classes()
    for topology in estate.topologies:
        name = topology.class_name
        if name is None or "${" in name or class_of(estate, topology) is not None:
            continue
        near = nearest(name, known, limit=4)
        if topology.is_vsphere or near is not None:
            listed = ", ".join(f"`{one}`" for one in known)
            advice = f"did you mean `{near}`?" if near else f"TKG ships {listed}"
            at = topology.manifest.at(*topology.class_pointer)
            yield Problem(at, f"ClusterClass `{name}` is not known, {advice}")
