"""Search domains of the workers that are ignored.

What it finds:
    `worker.network.searchDomains` that differ from `controlPlane.network.searchDomains` in a vSphere class.

Why it matters:
    The class takes the search domains of the workers from the control plane's variable. What is written for the
    workers has no effect, so their nodes do not find what they should by short name.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml,
    networkConfiguration.

Bad:
    - {name: controlPlane, value: {network: {searchDomains: [a.example.com]}}}
    - {name: worker, value: {network: {searchDomains: [b.example.com]}}}

Good:
    - {name: controlPlane, value: {network: {searchDomains: [a.example.com, b.example.com]}}}
    - {name: worker, value: {network: {searchDomains: [a.example.com, b.example.com]}}}

Fix:
    Write the same list in both.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import class_of


@rule("TKG123", Severity.ERROR, sources=("TKG-23", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        worker = topology.value("worker", "network", "searchDomains")
        control = topology.value("controlPlane", "network", "searchDomains")
        known = class_of(estate, topology)
        if not topology.is_vsphere or not isinstance(worker, list) or known is None:
            continue
        if worker != (control if isinstance(control, list) else []):
            yield Problem(
                topology.at("worker", "network", "searchDomains"),
                f"search domains of the workers of `{topology.name}` are not read, those of the control plane are",
                related=((topology.at("controlPlane", "network", "searchDomains"), "what is read is here"),),
                severity=None if known.complete else Severity.WARNING,
            )
