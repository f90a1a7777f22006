"""Suppression by comments: only with a reason, only where it stands, and never unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.options import Options
from validator.runner import Report, run

FAULT = "AVI_PASSWORD: <encoded:Vk13YXJlMSE=>"
NAME = "password-in-tanzu-config"


def check(root: Path, *texts: str, select: tuple[str, ...] = ("SEC203", "YML8")) -> Report:
    for index, text in enumerate(texts):
        (root / f"{index}.yaml").write_text(text)
    return run(root, Options(select=select, kubeconform="off"))


def rules(report: Report) -> list[str]:
    return [f"{finding.rule}:{finding.line}:{finding.column}" for finding in report.findings]


@pytest.mark.parametrize("name", ["SEC203", "sec203", NAME, f"two-leaders, {NAME}", f" {NAME} ,SEC203"])
def test_on_the_line(tmp_path: Path, name: str) -> None:
    report = check(tmp_path, f"a: b\n{FAULT}  # estate: ignore[{name}] lab password\n")
    assert (rules(report), report.suppressed) == ([], 1)


def test_another_line_does_not_count(tmp_path: Path) -> None:
    report = check(tmp_path, f"a: b\nc: d  # estate: ignore[{NAME}] lab password\n{FAULT}\n")
    assert (rules(report), report.suppressed) == (["YML802:2:7", "SEC203:3:15"], 0)


@pytest.mark.parametrize(
    "text",
    [
        "# estate: ignore[SEC203] lab\na: b\n{}\n",
        "a: b # estate: ignore[SEC203] lab\n{}\n",
        "---\n# estate: ignore[SEC203] lab\n\na: b\n{}\n",
        "--- # estate: ignore[SEC203] lab\na: b\n{}\n",
        "# a licence\n# estate: ignore[SEC203] lab\n---\na: b\n{}\n",
        "%YAML 1.1\n---\n# estate: ignore[SEC203] lab\na: b\n{}\n",
        "x: 1\n---\n# estate: ignore[SEC203] lab\na: b\n{}\n",
        "x: 1\r\n---\r\n# estate: ignore[SEC203] lab\r\na: b\r\n{}\r\n",
        "\ufeff# estate: ignore[SEC203] lab\na: b\n{}\n",
    ],
)
def test_head_of_a_document(tmp_path: Path, text: str) -> None:
    report = check(tmp_path, text.format(FAULT))
    assert (rules(report), report.suppressed) == ([], 1)


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_head_holds_for_its_own_document_only(tmp_path: Path, line: str) -> None:
    text = f"a: b\n{FAULT}\n---\n# estate: ignore[SEC203] lab\nc: d\n---\ne: f\n{FAULT}\n"
    report = check(tmp_path, text.replace("\n", line))
    assert (rules(report), report.suppressed) == (["SEC203:2:15", "YML802:4:1", "SEC203:8:15"], 0)


def test_no_reason_suppresses_nothing(tmp_path: Path) -> None:
    report = check(tmp_path, f"a: b\n{FAULT} # estate: ignore[SEC203]\n")
    assert rules(report) == ["SEC203:2:15", "YML801:2:38"]
    assert report.suppressed == 0


def test_text_is_no_comment(tmp_path: Path) -> None:
    body = 'd: "# estate: ignore[SEC203] a"\ne: |\n  # estate: ignore[SEC203] b\nf: x#estate:ignore[SEC203] c\n'
    report = check(tmp_path, f"{FAULT}\n{body}g: 'a\n  # estate: ignore[SEC203] d'\n")
    assert rules(report) == ["SEC203:1:15"]


def test_unused_names_are_told_one_by_one(tmp_path: Path) -> None:
    report = check(tmp_path, f"a: b\n{FAULT} # estate: ignore[SEC203, YML801] both\n")
    assert rules(report) == ["YML802:2:38"]
    assert "`YML801`" in report.findings[0].message
    assert "`SEC203`" not in report.findings[0].message


def test_rules_that_did_not_run_are_not_unused(tmp_path: Path) -> None:
    text = "a: b # estate: ignore[SEC203] lab\n"
    assert rules(check(tmp_path, text, select=("YML8",))) == []
    assert rules(check(tmp_path, text)) == ["YML802:1:6"]


def test_unknown_rules_are_told(tmp_path: Path) -> None:
    report = check(tmp_path, "a: b # estate: ignore[pasword-in-tanzu-config] lab\n")
    assert rules(report) == ["YML801:1:6"]
    assert f"did you mean `{NAME}`?" in report.findings[0].message


def test_crashes_cannot_be_suppressed(tmp_path: Path) -> None:
    report = check(tmp_path, "a: b # estate: ignore[INT000] lab\n")
    assert rules(report) == ["YML801:1:6"]
