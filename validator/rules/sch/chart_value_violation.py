"""A chart value of a type or with content that the chart cannot use.

What it finds:
    Values of an AKO or AMKO release that do not fit the schema of that chart version: another type, not among
    the allowed words, out of range.

Why it matters:
    The chart fails to render, the API server refuses what it renders, or AKO falls back without a word: an
    unknown `shardVSSize` counts as one shared virtual service, an unknown `autoFQDN` as `disabled`.
    Source: helm/ako and helm/amko templates per release; AKO internal/lib; as schemas/values.

Bad:
    AKOSettings: {logLevel: warn}

Good:
    AKOSettings: {logLevel: WARN}

Fix:
    Write what the message allows, in quotes where it says text.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sch._values import told

AKO = ("AKO-01", "AKO-06", "AKO-07", "AKO-10", "AKO-15", "AKO-17", "AKO-23", "AKO-32", "AKO-33")
FACTS = ("AMKO-GC-05", "AMKO-GC-06", "AMKO-UUID-01", "GDP-03", "GDP-04", "GDP-09", "GDP-13", "GDP-14", "GDP-15")


@rule("SCH201", Severity.ERROR, sources=("SCH", "schemas/values", *FACTS, *AKO))
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, keys=False)
