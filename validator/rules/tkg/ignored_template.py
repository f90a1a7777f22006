"""A VM template that TKG does not use.

What it finds:
    `vcenter.template` of a vSphere class with a value.

Why it matters:
    No patch of the class reads it: the template of the nodes comes from the TKR that the webhook resolves.
    Whoever changes it to upgrade or to pin an image changes nothing.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml.

Bad:
    - {name: vcenter, value: {template: /Site01/vm/photon-3-v1.24.9}}

Good:
    - {name: vcenter, value: {}}

Fix:
    Remove it; choose the image with `topology.version` and the annotation
    `run.tanzu.vmware.com/resolve-os-image`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule(
    "TKG117",
    Severity.WARNING,
    sources=("TKG-17", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        template = topology.value("vcenter", "template")
        if topology.is_vsphere and isinstance(template, str) and template:
            at = topology.at("vcenter", "template")
            yield Problem(
                at,
                f"`vcenter.template` of `{topology.name}` is not read by `{topology.class_name}`; remove it",
            )
