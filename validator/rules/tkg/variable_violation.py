"""A topology variable has a value that the ClusterClass does not allow.

What it finds:
    A variable of another type, out of range or not among the allowed words (`podSecurityStandard` levels,
    `daysBefore` from 7 on), and a required variable or field that is missing.

Why it matters:
    Cluster API denies the Cluster. Flux then applies nothing of that Kustomization, and Argo CD fails the sync.
    Source: tanzu-framework v0.28.0 to v0.29.0 packages/tkg-clusterclass-vsphere; cluster-api
    internal/topology/variables.

Bad:
    - {name: controlPlaneCertificateRotation, value: {activate: true, daysBefore: 5}}

Good:
    - {name: controlPlaneCertificateRotation, value: {activate: true, daysBefore: 90}}

Fix:
    Write what the message allows.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg._variables import told


@rule(
    "TKG108",
    Severity.ERROR,
    sources=("TKG-08", "TKG-02", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for one in told(estate):
        if not one.unknown:
            yield Problem(one.at, one.message)
