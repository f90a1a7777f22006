"""Every rule has estates that it must flag, at the expected places, and estates on which it must be silent.

A rule on changes has the state before in `<ID>/base`, or in `<ID>/base/case-*` for the case of that name.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from validator import config
from validator.finding import Finding
from validator.read.estate import read_estate
from validator.rules import Rule, all_rules
from validator.runner import run

HERE = Path(__file__).parent
EXPECTED = "expected.txt"


def cases(kind: str) -> list[tuple[Rule, Path]]:
    """Return rule and estate: `<ID>/<kind>` itself, or each folder in it when it holds case folders only."""
    found: list[tuple[Rule, Path]] = []
    for one in all_rules():
        top = HERE / one.id / kind
        if not top.is_dir():
            continue
        nested = kind == "good" and not any(top.glob("*.y*ml")) and any(top.glob("case-*"))
        nested = nested or (kind == "bad" and not (top / EXPECTED).exists())
        found.extend((one, path) for path in (sorted(top.glob("case-*")) if nested else [top]))
    return found


def findings(one: Rule, estate: Path) -> tuple[Finding, ...]:
    """Run one rule, with the settings that the estate itself carries."""
    options, _ = config.load(estate)
    base = state_before(one, estate)
    before = read_estate(base, ("case-*",)) if base else None
    return run(estate, replace(options, select=(one.id,), kubeconform="off"), base=before).findings


def state_before(one: Rule, estate: Path) -> Path | None:
    """Return the estate that a case changes, None for a rule that looks at one state only."""
    top = HERE / one.id / "base"
    found = top / estate.name if (top / estate.name).is_dir() else top
    return found if found.is_dir() else None


def label(case: object) -> str:
    return str(case.relative_to(HERE)) if isinstance(case, Path) else getattr(case, "id", str(case))


@pytest.mark.parametrize("one", all_rules(), ids=lambda one: one.id)
def test_rule_has_good_and_bad(one: Rule) -> None:
    assert [path for rule, path in cases("good") if rule is one], f"{one.id} has no good/ estate"
    assert [path for rule, path in cases("bad") if rule is one], f"{one.id} has no bad/ estate"


@pytest.mark.parametrize("one", all_rules(), ids=lambda one: one.id)
def test_rule_is_documented(one: Rule) -> None:
    assert list(one.sections) == ["What it finds", "Why it matters", "Bad", "Good", "Fix"]
    assert all(one.sections.values()) and one.summary and one.sources


@pytest.mark.parametrize(("one", "estate"), cases("good"), ids=label)
def test_good(one: Rule, estate: Path) -> None:
    assert [str(finding.order) for finding in findings(one, estate)] == []


@pytest.mark.parametrize(("one", "estate"), cases("bad"), ids=label)
def test_bad(one: Rule, estate: Path) -> None:
    found = findings(one, estate)
    lines = [f"{f.path}:{f.line}:{f.column}: {f.severity} {f.rule} {f.message}" for f in found]
    expected = (estate / EXPECTED).read_text(encoding="utf-8").splitlines()
    expected = [line for line in expected if line and not line.startswith("#")]
    assert expected, "expected.txt is empty"
    assert len(lines) == len(expected), lines
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start), f"{line!r} does not start with {start!r}"
