"""A configuration file of the Tanzu CLI sets a variable that the CLI does not know.

What it finds:
    A variable that is in no table of the public releases of TKG and has nearly the name of one that is; where the
    declared release is one of these, any other unknown variable as well, as information.

Why it matters:
    The CLI reads the variables that it knows and passes over all others without a word: the setting stays at its
    default. A misspelt `AVI_LABELS` gives TKG's own AKO to every workload cluster.
    Source: tanzu-framework v0.28.3 tkg/client/management_components.go GetUserConfigVariableValueMap.

Bad:
    AVI_LABEL: '{"tkg-ako": "managed"}'

Good:
    AVI_LABELS: '{"tkg-ako": "managed"}'

Fix:
    Write the name as in the table, or remove the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tanzu as facts
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule
from validator.tkg.configuration import NEAR


@rule("TKG143", Severity.WARNING, sources=("tanzu-framework v0.28.3 tkg/client/management_components.go",))
def check(estate: Estate) -> Iterator[Problem]:
    release = estate.declared.resolved.get("versions", {}).get("tkg") if estate.declared else None
    known = facts.knows_all(release if isinstance(release, str) else None)
    for found in estate.configurations:
        for name in found.variables:
            if name in facts.names() or name.startswith("_"):
                continue
            near = nearest(name, facts.names(), NEAR)
            if near is not None and near not in found.variables:
                text = f"`{name}` is no variable of the Tanzu CLI, which passes over it; did you mean `{near}`?"
                yield Problem(found.at(name, key=True), text)
            elif known:
                text = f"`{name}` is no variable of the Tanzu CLI of TKG {release}, which passes over it"
                yield Problem(found.at(name, key=True), text, severity=Severity.INFO)
