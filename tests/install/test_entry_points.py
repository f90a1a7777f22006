"""What the documents and the pipelines' entry points say is there."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from validator import __version__
from validator.cli import VERBS, group
from validator.cli.validate import command

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/stability.md"]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["action.yml", "ci/gitlab.yml", "README.md"])
def test_names_options_that_exist(path: str) -> None:
    known = {name for parameter in command.params for name in parameter.opts}
    calls = re.findall(r"""estate"? validate\b(.*?)(?:\n\s*\n|```|artifacts:|$(?![\s\S]))""", read(path), re.DOTALL)
    used = {word for call in calls for word in re.findall(r"--[a-z][a-z-]+", call)}
    assert used
    assert used <= known


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_somewhere(path: str) -> None:
    here = (ROOT / path).parent
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", read(path)) if "://" not in target]
    assert [target for target in targets if not (here / target).exists()] == []


@pytest.mark.parametrize("path", [*DOCUMENTS, ".ci/run"])
def test_names_targets_of_the_makefile(path: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)|`make\s([a-z]+)", read(path), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


def test_explains_rules_that_exist() -> None:
    for name in re.findall(r"estate explain ([a-z-]+)", read("README.md")):
        assert CliRunner().invoke(group, ["explain", name]).exit_code == 0


@pytest.mark.parametrize("path", ["README.md", "ci/gitlab.yml", ".pre-commit-hooks.yaml"])
def test_names_verbs_that_exist(path: str) -> None:
    said = re.findall(r"^(?:- |entry: |\s*)estate ([a-z]+)", read(path), re.MULTILINE)
    assert set(said) <= set(VERBS)


def test_names_one_version() -> None:
    assert f"## [{__version__}]" in read("CHANGELOG.md")
    for path in ("README.md", "ci/gitlab.yml"):
        said = re.findall(r"gslb-estate(?:\.git@v|==|/v)(\d+\.\d+\.\d+)", read(path))
        assert said
        assert set(said) == {__version__}


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("sites/site01/clusters/a/amko/release.yaml", True),
        ("estate.yml", True),
        (".sops.yaml", True),
        (".estate/estate.schema.json", True),
        ("schemas/kinds/core/secret_v1.json", True),
        (".estate.toml", True),
        ("README.md", False),
        ("package.json", False),
    ],
)
def test_hook_runs_where_sites_may_disagree(path: str, *, runs: bool) -> None:
    (hook,) = yaml.safe_load(read(".pre-commit-hooks.yaml"))
    assert bool(re.search(hook["files"], path)) is runs
    assert hook["pass_filenames"] is False


def test_reads_inputs_that_are_declared() -> None:
    action = yaml.safe_load(read("action.yml"))
    used = set(re.findall(r"inputs\.([a-z-]+)", read("action.yml")))
    assert used == set(action["inputs"])
    spec, _ = yaml.safe_load_all(read("ci/gitlab.yml"))
    assert set(re.findall(r"inputs\.([a-z-]+) \]\]", read("ci/gitlab.yml"))) == set(spec["spec"]["inputs"])
