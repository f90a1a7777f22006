"""Break one thing in a good estate: the right rule says so, and nothing else speaks.

Every fault of a deterministic sample is run; `python -m tests.mutation` runs all and prints the same table.
"""

from __future__ import annotations

from tests.mutation.estates import SAMPLES, Sample, chosen, every_fault, findings
from tests.mutation.verdicts import Outcome, Verdict, counts, judge, table
from validator.finding import Severity

LEAST = 500
"""Faults that each golden estate must stand."""


def test_faults() -> None:
    """One test, because the tables are judged last, by what all the faults have used of them."""
    for sample in SAMPLES:
        _judge(sample)
    for name in ("unseen", "consequences"):
        _stale(name)


def _judge(sample: Sample) -> None:
    assert [one for one in findings(sample) if one.severity is not Severity.INFO] == []
    outcomes = [
        judge(sample.estate, fault, findings(sample, fault)) for fault in every_fault(sample) if chosen(sample, fault)
    ]
    for outcome in outcomes:
        print(outcome.row)
    print(counts(outcomes))
    assert len(outcomes) >= LEAST
    assert _rows(outcomes, Verdict.MISSED) == "", "faults that nobody tells, and no entry of unseen.toml explains"
    assert _rows(outcomes, Verdict.UNRELATED) == "", "findings that do not belong to the fault"


def _stale(name: str) -> None:
    """Every entry is about faults that are made, and those on unseen faults are not about seen ones only."""
    made = [(sample.estate, fault) for sample in SAMPLES for fault in every_fault(sample)]
    for entry in table(name):
        assert any(entry.covers(estate, fault) for estate, fault in made), f"{name}.toml: {entry} is about no fault"
        assert entry.used or not entry.matched, f"{name}.toml: {entry} is stale, a rule speaks now"


def _rows(outcomes: list[Outcome], verdict: Verdict) -> str:
    return "\n".join(one.row for one in outcomes if one.verdict is verdict)
