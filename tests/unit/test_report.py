"""Every format: valid with no finding, with a few, and with a thousand hostile ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from validator import resources
from validator.finding import Finding, Related, Severity
from validator.report import FORMATS, github, gitlab, junit, markdown, sarif, text, write
from validator.report import json as json_report
from validator.runner import Report

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests/rules/AMK101/bad"
HOSTILE = "x\x1b[31m\u202e` | <b>[a](http://e) ::error::%0A ,:\x00\ud7ff]]>"


def report(count: int) -> Report:
    findings = tuple(
        Finding(
            "AMK101",
            "two-leaders",
            list(Severity)[number % 4],
            f"message {HOSTILE}",
            f"sites/a b/{HOSTILE}.yaml" if number % 2 else "sites/a.yaml",
            number // 3 + 1,
            1,
            related=(Related("b.yaml", 1, 2, HOSTILE),) if number % 3 else (),
        )
        for number in range(count)
    )
    return Report("/r", 2, 3, findings, 0, {"sites/a.yaml": b"a: \x1b[31m\n" * 20})


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_json_follows_its_schema(count: int) -> None:
    schema = json.loads((resources.schemas() / "report.schema.json").read_text())
    data = json.loads(json_report.render(report(count)))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert len(data["findings"]) == count
    assert sum(data["summary"][name.value] for name in Severity) == count


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_sarif(count: int) -> None:
    log = json.loads(sarif.render(report(count)))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == count
    marks = [result["partialFingerprints"]["estate/v1"] for result in run["results"]]
    assert len(set(marks)) == count
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
        assert " " not in location["physicalLocation"]["artifactLocation"]["uri"]
        assert result["message"]["text"]
        for related in result.get("relatedLocations", []):
            assert related["message"]["text"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_junit_names_are_unique(count: int) -> None:
    tree = ET.fromstring(junit.render(report(count)))  # noqa: S314  # our own output
    names = [case.get("name") for case in tree.iter("testcase")]
    assert len(names) == max(count, 1) == len(set(names)) == int(tree.get("tests") or 0)
    assert len(list(tree.iter("failure"))) == int(tree.get("failures") or 0)


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_gitlab_fingerprints_are_unique(count: int) -> None:
    issues = json.loads(gitlab.render(report(count)))
    assert len({issue["fingerprint"] for issue in issues}) == count
    assert {issue["severity"] for issue in issues} <= {"critical", "minor", "info"}


@pytest.mark.parametrize("count", [0, 7, 1000])
def test_github_has_one_command_a_line(count: int) -> None:
    lines = github.render(report(count)).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == count
    assert len(lines) == count + 1


def test_github_writes_the_step_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    github.render(report(3))
    assert (tmp_path / "summary").read_text() == markdown.render(report(3))


@pytest.mark.parametrize("count", [0, 7, 1000])
def test_markdown_rows_hold_no_foreign_markup(count: int) -> None:
    lines = markdown.render(report(count)).splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == min(count, markdown.LIMIT)
    outside_code = [re.sub(r"`[^`]*`", "", row) for row in rows]
    assert all("<b>" not in row and "](http" not in row for row in outside_code)
    assert len(markdown.render(report(count))) < 65_536


@pytest.mark.parametrize("colour", [False, True])
def test_text_never_sends_a_foreign_escape_to_the_terminal(colour: bool) -> None:
    shown = text.render(report(50), colour=colour)
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1;35m", "\x1b[0m"):
        shown = shown.replace(code, "")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_text_shows_the_line_with_a_caret() -> None:
    finding = Finding("AMK101", "two-leaders", Severity.ERROR, "m", "a.yaml", 2, 4)
    shown = text.render(Report("/r", 1, 1, (finding,), 0, {"a.yaml": b"x: 1\nyy: z\n"}))
    assert shown.splitlines() == [
        "a.yaml:2:4: error AMK101 two-leaders: m",
        "  2 | yy: z",
        "    |    ^",
        "1 error in 1 files, 1 documents",
    ]


def test_a_line_that_may_hold_a_secret_is_not_shown() -> None:
    finding = Finding("SEC101", "plaintext-secret", Severity.ERROR, "m", "a.yaml", 1, 1)
    assert "hunter2" not in text.render(Report("/r", 1, 1, (finding,), 0, {"a.yaml": b"password: hunter2\n"}))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_file_is_written_whole(name: str, tmp_path: Path) -> None:
    write(report(3), name, str(tmp_path / "out"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").stat().st_size > 0


def test_the_command_line_writes_several_formats_and_fails_with_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "validator", "validate", str(BAD), "--kubeconform", "off"]
    command += ["--format", "json", "--output", str(tmp_path / "a.json"), "--format", "text", "--output", "-"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1, done.stderr
    assert "AMK101" in done.stdout
    assert json.loads((tmp_path / "a.json").read_text())["summary"]["error"] >= 1


def test_the_same_bytes_under_any_hash_seed() -> None:
    outputs = set()
    for seed in ("0", "1", "4711"):
        command = [sys.executable, "-m", "validator", "validate", str(BAD), "--format", "json", "--kubeconform", "off"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False).stdout)
    assert len(outputs) == 1
    assert outputs != {b""}


@pytest.mark.parametrize(
    ("variable", "format"), [("GITHUB_WORKSPACE", github), ("CI_PROJECT_DIR", gitlab), ("GITHUB_WORKSPACE", sarif)]
)
def test_paths_from_the_top_of_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, format: ModuleType
) -> None:
    """A repository below the top of the checkout: annotations name files as the pipeline does."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    found = Report(str(tmp_path / "estates/lab"), 1, 1, report(1).findings)
    monkeypatch.setenv(variable, str(tmp_path))
    assert "estates/lab/sites/a.yaml" in format.render(found)
    for elsewhere in (tmp_path / "estates/lab", tmp_path / "other"):
        monkeypatch.setenv(variable, str(elsewhere))
        assert "estates/lab" not in format.render(found)
        assert "sites/a.yaml" in format.render(found)
