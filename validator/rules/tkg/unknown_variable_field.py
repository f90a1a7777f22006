"""A field in a topology variable that the ClusterClass does not define.

What it finds:
    Keys inside the value of a variable that its schema does not have, such as `worker.count`, which the TKG 2.1
    CLI writes.

Why it matters:
    Cluster API before 1.3 (TKG 2.1 and 2.2) takes such a field without a word and does nothing with it; from
    1.3 on (TKG 2.3 and newer) the Cluster is denied. What works today stops the first change after the upgrade.
    Source: cluster-api v1.3.0 internal/topology/variables, validateUnknownFields.

Bad:
    - {name: worker, value: {count: 1, machine: {numCPUs: 2}}}

Good:
    - {name: worker, value: {machine: {numCPUs: 2}}}

Fix:
    Write the field as the class has it, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg._variables import told


@rule("TKG104", Severity.ERROR, sources=("TKG-04", "cluster-api v1.3.0 internal/topology/variables"))
def check(estate: Estate) -> Iterator[Problem]:
    for one in told(estate):
        if one.unknown and len(one.pointer) > 1:
            severity = None if one.rejected else Severity.WARNING
            fate = "Cluster API refuses it" if one.rejected else "ignored now, refused by TKG 2.3 and newer"
            severity = severity if one.certain else Severity.UNVERIFIABLE
            yield Problem(one.at, f"{one.message}: {fate}", severity=severity)
