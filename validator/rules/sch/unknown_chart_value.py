"""A chart value that the chart does not read.

What it finds:
    A key in the values of an AKO or AMKO release that this version of the chart does not know: misspelt, under
    the wrong parent, taken from the documentation's wrong tables, or of another version.

Why it matters:
    Helm accepts unknown keys without a word. The setting has no effect and the chart's default stays in force.
    Source: helm/ako/values.yaml and helm/amko/values.yaml with their templates, per release, as schemas/values.

Bad:
    configs: {gsllbLeaderController: avi-l-01a.example.com}

Good:
    configs: {gslbLeaderController: avi-l-01a.example.com}

Fix:
    Write the key as the message says, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sch._values import told


@rule("SCH202", Severity.ERROR, sources=("SCH", "GDP-17", "AKO-40", "AKO-41", "schemas/values", "AMKO README.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, keys=True)
