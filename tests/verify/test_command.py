"""The command itself: its options, its reports, its pages."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.verify.estates import HOST, ROOT, VIP1, VIP2, lab, verify, write
from tests.verify.player import Player, in_turns
from validator import cli
from validator.rules import all_rules
from validator.verify.catalogue import CHECKS


@pytest.fixture
def place(play: Callable[..., Player], net: str, tmp_path: Path) -> Path:
    """Return a repository with an estate whose second site answers with a stale address."""
    play(f"{net}.11", in_turns(VIP1, VIP2))
    play(f"{net}.12", in_turns(VIP1, "10.9.9.9"))
    write(tmp_path, lab(f"{net}.11", f"{net}.12"))
    return tmp_path


@pytest.fixture
def options(net: str, port: int) -> list[str]:
    return ["--dns-port", str(port), "--parent-server", f"{net}.10:{port}", "--pause", "0", "--wait", "3"]


def test_a_repository_is_named_by_its_root(place: Path, options: list[str]) -> None:
    found = next(one for one in verify(place, *options).findings if one["rule"] == "VER205")
    lines = (place / "estate.yaml").read_text().splitlines()
    assert found["path"] == "estate.yaml"
    assert lines[found["line"] - 1][found["column"] - 1 :] == HOST


def test_every_format_tells_the_same_findings(place: Path, options: list[str], tmp_path: Path) -> None:
    formats = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"]
    pairs = [word for name in formats for word in ("--format", name, "--output", str(tmp_path / f"report.{name}"))]
    assert verify(place, *options, *pairs, format=None).code == 1
    text = {name: (tmp_path / f"report.{name}").read_text() for name in formats}
    report = json.loads(text["json"])
    Draft202012Validator(json.loads((ROOT / "schemas/report.schema.json").read_text())).validate(report)
    ids = [one["rule"] for one in report["findings"]]
    assert ids == ["VER107", "VER205"]
    asked, answered = (report["summary"]["questions"][key] for key in ("asked", "answered"))
    last = f"1 error, 1 unverifiable in {asked} questions, {answered} answered"
    assert text["text"].splitlines()[-1] == last
    assert text["github"].splitlines()[-1] == f"estate: {last}"
    assert text["markdown"].startswith(f"### estate verify\n\n{last}\n")
    run = json.loads(text["sarif"])["runs"][0]
    assert [one["ruleId"] for one in run["results"]] == ids
    rules = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    assert rules["VER205"]["helpUri"].endswith("/docs/verify.md")
    assert rules["VER205"]["help"]["text"].startswith("What it finds:")
    assert [rules[one["ruleId"]] for one in run["results"]] == [
        run["tool"]["driver"]["rules"][one["ruleIndex"]] for one in run["results"]
    ]
    assert len(ET.fromstring(text["junit"]).findall(".//testcase")) == 2  # noqa: S314  # our own output
    assert [one["check_name"] for one in json.loads(text["gitlab"])] == ids


def test_a_report_on_findings_can_be_made_to_pass(place: Path, options: list[str]) -> None:
    assert verify(place, *options, "--exit-zero").code == 0
    assert verify(place, *options, "--ignore", "foreign-address").ids == ["VER107"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "kubernetes"], "--only kubernetes needs --kubeconfig"),
        (["--site", "site03"], "`site03` is no site of this estate\n  hint: did you mean `site02`?"),
        (["--app", "shop"], "`shop` is no app of this estate\n  hint: known: onlineshop"),
        (["--parent-server", "ns.example"], "`ns.example` is not the address of a name server"),
        (["--resolver", "192.0.2.1:99999"], "`99999` is not a port"),
        (["--pause", "soon"], "`soon` is neither `auto` nor a number of seconds"),
        (["--samples", "0"], "0 is not in the range"),
        (["--ignore", "AMK101"], "`--ignore` names no check of this command: `AMK101`"),
        (["--output", "a", "--output", "b"], "more --output than --format"),
    ],
)
def test_options_that_are_wrong(place: Path, arguments: list[str], message: str) -> None:
    result = verify(place, *arguments, format=None)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_folder_without_an_estate_file(tmp_path: Path) -> None:
    result = verify(tmp_path)
    assert result.code == 2
    assert "holds no `estate.yaml`" in result.err


def test_an_estate_file_that_is_wrong_is_not_verified(tmp_path: Path) -> None:
    data = lab("192.0.2.11", "192.0.2.12")
    data["amko"]["leader"] = "nobody"
    result = verify(write(tmp_path, data))
    assert result.code == 2
    assert re.search(r"estate\.yaml:\d+:\d+: `nobody` is no", result.err), result.err


def test_nothing_answered_is_never_clean(tmp_path: Path, net: str, options: list[str]) -> None:
    result = verify(write(tmp_path, lab(f"{net}.11", f"{net}.12")), *options, "--exit-zero", format="text")
    assert result.code == 2
    assert result.out.splitlines()[-1] == "2 error, 1 unverifiable in 9 questions, none answered"
    assert "error: nothing was verified: no question was answered" in result.err


def test_a_crash_is_told_and_hides_nothing(place: Path, options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("validator.verify.judge_delegation.judge", broken)
    monkeypatch.setattr("validator.verify.delegation.observe", broken)
    result = verify(place, *options)
    assert (result.code, result.ids) == (2, ["INT000", "INT000", "VER205"])
    assert "the judgement of the delegation crashed at test_command.py:" in result.findings[0]["message"]


def test_progress_is_shown_on_a_terminal_alone(place: Path, options: list[str]) -> None:
    assert verify(place, *options).err == ""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "validator", "verify", str(place), *options]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=follower, env=environment
    )
    os.close(follower)
    shown = io.BytesIO()
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown.write(piece)
    out, _ = process.communicate(timeout=60)
    os.close(leader)
    assert process.returncode == 1
    assert b"asking" in shown.getvalue()
    assert b"asking" not in out


def test_every_check_is_explained_and_stands_in_the_documentation(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/verify.md").read_text()
    for check in CHECKS.values():
        assert cli.group.main(["explain", check.name], standalone_mode=False) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"{check.id} {check.name} ({check.severity.value}, since ")
        assert check.why in shown
        assert f"| {check.id} | {check.name} | {check.severity.value} | {check.summary} |" in page
    assert re.findall(r"^\| (VER\d+) ", page, re.MULTILINE) == list(CHECKS)


def test_no_check_has_the_name_of_a_rule() -> None:
    names = [check.name for check in CHECKS.values()] + [rule.name for rule in all_rules()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"VER\d{3}", id) and id == check.id for id, check in CHECKS.items())
