"""The nodes talk to vCenter without checking who it is.

What it finds:
    An empty or absent `vcenter.tlsThumbprint`, unless the estate file says `insecure: true` for the site.

Why it matters:
    TKG's webhook and CAPV then connect with TLS verification switched off, and send the vCenter password to
    whoever answers.
    Source: tanzu-framework v0.28.3 tkr/webhook/cluster vsphere-template-resolver; CAPV thumbprint.

Bad:
    - {name: vcenter, value: {server: vc01.example.com, tlsThumbprint: ""}}

Good:
    - {name: vcenter, value: {server: vc01.example.com, tlsThumbprint: "AA:BB:CC"}}

Fix:
    Write the SHA-1 thumbprint of vCenter's certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.tkg.topologies import ABSENT


@rule("TKG119", Severity.WARNING, sources=("TKG-19", "tanzu-framework v0.28.3 tkr/webhook/cluster"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        declared = topology.declared and dig(topology.declared[0], ("vcenter", "insecure")) is True
        missing = topology.value("vcenter", "tlsThumbprint") in (ABSENT, None, "")
        if estate.declared and (not topology.declared or dig(topology.declared[0], ("vcenter", "tlsThumbprint"))):
            continue
        if topology.is_vsphere and isinstance(topology.value("vcenter"), dict) and missing and not declared:
            text = f"`vcenter.tlsThumbprint` of `{topology.name}` is empty: vCenter's certificate is not checked"
            yield Problem(topology.at("vcenter", "tlsThumbprint"), text)
