"""What the documentation shows is true: our commands take what they are given, settings are allowed, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import click
import pytest

from validator import config
from validator.cli import group
from validator.options import Options
from validator.report import json as as_json
from validator.report import text
from validator.runner import run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [
    (page, line)
    for page in PAGES
    for block in re.findall(r"^```(?:console|sh)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith("estate ")
]


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_a_command_takes_what_it_is_given(page: Path, line: str) -> None:
    words = [word for word in shlex.split(line, comments=True)[1:] if not re.fullmatch(r"\[[A-Z_|]+\]", word)]
    command: click.Command = group
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(click.Context(command), words.pop(0))
        assert inner is not None, f"{page.name}: {line}"
        command = inner
    try:
        command.make_context("estate", list(words))
    except click.exceptions.Exit:
        assert words == ["--version"], line


def test_settings_are_allowed(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        tomllib.loads(block)
        (tmp_path / ".estate.toml").write_text(block)
        options, _ = config.load(tmp_path)
        assert options.ignore


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_reports_in_the_readme_are_those_of_two_leaders_in_the_lab(tmp_path: Path) -> None:
    root = tmp_path / "lab"
    shutil.copytree(ROOT / "tests/golden/lab", root)
    release = root / "sites/site02/clusters/nsxbaas-tkg-wld-site02/amko/release.yaml"
    release.write_text(release.read_text().replace("currentClusterIsLeader: false", "currentClusterIsLeader: true"))
    report = run(root, Options(kubeconform="off", ignore=("AKO126",)))  # of a fault that follows from the edit
    readme = (ROOT / "README.md").read_text()
    shown = next(block for block in _blocks(readme, "") if "error AMK101" in block)
    for line, told in zip(shown.splitlines(), text.render(report).splitlines(), strict=True):
        assert told == line or (line.endswith("...") and told.startswith(line.removesuffix("..."))), told
    given = json.loads(next(block for block in _blocks(readme, "json") if "AMK101" in block))
    true = json.loads(as_json.render(report))
    for finding in true["findings"]:
        for told in (finding, *finding["related"]):
            told["message"] = "..."
    assert given == true


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
