"""Rules run in two processes, and some before the clusters are known: what they find is the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from validator import parallel, runner
from validator.finding import Problem
from validator.model import Estate
from validator.options import Options
from validator.read import reading
from validator.read.estate import read_estate
from validator.rules import Rule, all_rules
from validator.runner import Ahead, run

RULES = Path(__file__).parents[1] / "rules"
EARLY = [one for one in all_rules() if one.early]


def said(problem: Problem) -> tuple[object, ...]:
    places = [ref.locate() for ref, _ in problem.related]
    return problem.message, problem.at.document.path, problem.at.locate(), places, problem.severity, problem.absence


@pytest.mark.parametrize("one", EARLY, ids=lambda one: one.id)
@pytest.mark.parametrize("kind", ["good", "bad"])
def test_an_early_rule_finds_the_same_before_the_clusters_are_known(one: Rule, kind: str) -> None:
    folder = RULES / one.id / kind
    found = []
    for root in sorted(folder.glob("case-*")) or [folder]:
        written: list[Estate] = []
        whole = read_estate(root, early=written.append)
        early = [said(problem) for problem in one.check(written[0])]
        assert early == [said(problem) for problem in one.check(whole)]
        found += early
    assert bool(found) is (kind == "bad")


def test_who_asks_too_early_for_clusters_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\n")
    written: list[Estate] = []
    read_estate(tmp_path, early=written.append)
    for name in ("clusters", "federations", "unreadable", "classes", "members", "sites", "topologies"):
        with pytest.raises(AttributeError):
            getattr(written[0], name)


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux forks")
    monkeypatch.setattr(runner, "WORTH_A_FORK", 0)
    monkeypatch.setattr(reading, "WORTH_A_FORK", 0)
    monkeypatch.setattr(reading, "BATCH", 1)
    monkeypatch.setattr(parallel, "_can_fork", lambda: True)


SOME = ["AMK101", "EST101", "GIT112", "GIT115", "GIT120", "SCH101", "SEC201", "TKG108", "YML101", "YML701", "YML801"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("name", SOME)
def test_two_processes_report_what_one_reports(name: str, request: pytest.FixtureRequest) -> None:
    options = Options(kubeconform="off")
    alone = run(RULES / name / "bad", options)
    request.getfixturevalue("two_processes")
    apart = run(RULES / name / "bad", options)
    assert alone.findings and apart == alone
    assert [(one.related, one.severity) for one in apart.findings] == [
        (one.related, one.severity) for one in alone.findings
    ]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_rules_that_are_silent_ahead_do_not_run_again(two_processes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = Ahead(Options())
    ahead.start(read_written(RULES / "GIT112" / "bad"))
    ahead.tell(read_estate(RULES / "GIT112" / "bad"))
    silent = ahead.silent()
    ahead.end()
    assert "GIT112" not in silent and "SEC201" in silent and silent <= {one.id for one in EARLY}


def read_written(root: Path) -> Estate:
    written: list[Estate] = []
    read_estate(root, early=written.append)
    return written[0]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_what_is_wrong_with_the_estate_file_comes_from_another_process(two_processes: None) -> None:
    root = RULES / "EST101" / "bad"
    ahead = Ahead(Options())
    ahead.start(read_written(root))
    estate, other = read_estate(root), read_estate(root)
    ahead.tell(estate)
    ahead.end()
    assert "declared_problems" in estate.__dict__
    assert [str(one) for one in estate.declared_problems] == [str(one) for one in other.declared_problems] != []
