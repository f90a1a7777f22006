"""`--fix` on every estate that a rule must flag: mended findings are gone, nothing new comes, and little is touched."""

from __future__ import annotations

import difflib
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rules.test_fixtures import EXPECTED, HERE, cases, label
from validator import config
from validator.finding import Finding
from validator.fix.files import Change, mend, write
from validator.options import Options
from validator.rules import Rule, all_rules
from validator.runner import Report, run

MENDING = frozenset(
    """AKO126 AMK103 AMK104 AMK111 AMK112 AMK113 CTX103 CTX106 CTX108 GDP103 GIT108 GIT123 SCH101 SCH201 SEC105
    YML701""".split()
)
"""Rules with estates in which everything that carries a fix is mended."""
MOST_LINES = 8
"""Lines that one fix may add and take away."""
SHADED = frozenset({"SCH101/bad/case-argocd"})
"""Estates in which a mended finding had kept another one back."""


def mended(root: Path, options: Options, report: Report) -> list[Change]:
    return mend(root, report, lambda texts: run(root, options, texts=texts))


def key(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule, finding.path, finding.subject)


FIXABLE = [(one, case) for one, case in cases("bad") if one.id in MENDING]


@pytest.mark.parametrize(("one", "case"), FIXABLE, ids=label)
def test_fix(one: Rule, case: Path, tmp_path: Path) -> None:
    root = shutil.copytree(case, tmp_path / "estate", ignore=shutil.ignore_patterns(EXPECTED))
    options = replace(config.load(root)[0], kubeconform="off")
    before = run(root, options)
    found = mended(root, options, before)
    for change in found:
        _touches_little(change)
        write(root, change)
    after = run(root, options)
    meant = [f for f in before.findings if f.rule == one.id and f.fix]
    left = Counter(map(key, (f for f in after.findings if f.rule == one.id and f.fix)))
    assert not left, left
    assert len([f for f in before.findings if f.rule == one.id]) - len(meant) >= len(
        [f for f in after.findings if f.rule == one.id]
    )
    if str(case.relative_to(HERE)) not in SHADED:
        assert not Counter(map(key, after.findings)) - Counter(map(key, before.findings))
    assert not mended(root, options, after), "a second run changes more"


def _touches_little(change: Change) -> None:
    before, after = change.before.decode().splitlines(), change.after.decode().splitlines()
    lines = [line for line in difflib.ndiff(before, after) if line[:2] in {"+ ", "- "}]
    assert len(lines) <= MOST_LINES * len(change.mended)
    notes = [Counter(line.strip() for line in text if line.strip().startswith("#")) for text in (before, after)]
    assert notes[0] == notes[1], "a comment is gone"


@pytest.mark.parametrize("id", sorted(MENDING - {"SCH201"}))
def test_a_rule_that_mends_has_an_estate_that_shows_it(id: str) -> None:
    one = next(rule for rule in all_rules() if rule.id == id)
    shown = [case for rule, case in cases("bad") if rule is one]
    options = Options(select=(id,), kubeconform="off")
    assert any(finding.fix for case in shown for finding in run(case, options).findings)


def test_every_rule_that_mends_is_tested() -> None:
    found = set()
    for one, case in cases("bad"):
        if one.id not in MENDING:
            options = Options(select=(one.id,), kubeconform="off")
            found |= {finding.rule for finding in run(case, options).findings if finding.fix}
    assert not found
