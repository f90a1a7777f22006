"""AVI_LABELS are written in a form that the Tanzu CLI reads as empty.

What it finds:
    `AVI_LABELS` of a configuration file as a YAML mapping or list, or as a text that is no mapping.

Why it matters:
    The CLI reads every variable as text. A mapping gives an empty one, so that the AKODeploymentConfig
    `install-ako-for-all` has no selector and takes every workload cluster: those with a chart of AKO get two, and the
    selector cannot be changed afterwards. A text that is no mapping is no JSON for the package, which fails.
    Source: tanzu-framework v0.28.3 tkg/tkgconfigreaderwriter/readerwriter.go Get (viper v1.12.0 GetString),
    tkg/managementcomponents/helper.go convertAVILabels; packages/ako-operator-v2.

Bad:
    AVI_LABELS: {tkg-ako: managed}

Good:
    AVI_LABELS: '{"tkg-ako": "managed"}'

Fix:
    Put the labels into quotes, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

LABELS = "AVI_LABELS"


@rule(
    "AVI202",
    Severity.ERROR,
    sources=("tkg-avi B1", "tanzu-framework v0.28.3 tkg/tkgconfigreaderwriter/readerwriter.go"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.configurations:
        value = found.variables.get(LABELS)
        if found.labels is not None or (isinstance(value, str) and "$" in value):
            continue
        if isinstance(value, dict | list):
            kind = "mapping" if isinstance(value, dict) else "list"
            text = (
                f"`{LABELS}` is a {kind}, which the Tanzu CLI reads as empty: every workload cluster gets TKG's own AKO"
            )
            hint = "; write it as JSON in quotes"
        else:
            text, hint = f"`{LABELS}` is no mapping of labels", """, such as `{"tkg-ako": "managed"}`"""
        yield Problem(found.at(LABELS), text + hint)
