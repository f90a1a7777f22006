"""Every verb that takes an estate file says in the same words what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import estate

KUBECONFIG = "apiVersion: v1\nkind: Config\n"
VERBS = {
    "new": ("new",),
    "show": ("show",),
    "verify": ("verify",),
    "members rbac": ("members", "rbac", "--estate"),
    "members check": ("members", "check", "k", "--estate"),
    "members merge": ("members", "merge", "k", "--estate"),
}
FOLDERS = [verb for verb in VERBS if verb not in {"new", "show"}]


@pytest.fixture(scope="module")
def lab() -> str:
    return (Path(__file__).parents[3] / "examples/lab.yaml").read_text()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "k").write_text(KUBECONFIG)
    (tmp_path / "empty").mkdir()
    return tmp_path


def told(here: Path, *arguments: str) -> str:
    """Return what a run that cannot be done prints on standard error; it prints nothing else."""
    result = estate(*arguments, cwd=here)
    assert (result.code, result.out) == (2, ""), result
    return result.err


@pytest.mark.parametrize("verb", VERBS)
def test_each_problem_of_an_estate_file_at_its_place(verb: str, here: Path, lab: str) -> None:
    lines = lab.splitlines(keepends=True)
    at = {word: next(i for i, line in enumerate(lines, 1) if line.startswith(word)) for word in ("engine:", "secrets:")}
    lines[at["engine:"] - 1] = "engine: fluxx\n"
    lines.insert(at["secrets:"], "  backende: sops\n")
    (here / "estate.yaml").write_text("".join(lines))
    text = told(here, *VERBS[verb], "estate.yaml").splitlines()
    places = [line.split(": ")[0] for line in text if not line.startswith("  hint: ")]
    assert places == [f"estate.yaml:{at['engine:']}:9", f"estate.yaml:{at['secrets:'] + 1}:3"], text
    assert "  hint: did you mean `flux`?" in text


@pytest.mark.parametrize("verb", VERBS)
def test_an_estate_file_that_is_not_there(verb: str, here: Path) -> None:
    assert told(here, *VERBS[verb], "absent.yaml").startswith("absent.yaml: does not exist\n  hint: ")


@pytest.mark.parametrize("verb", FOLDERS)
def test_a_folder_without_an_estate_file(verb: str, here: Path) -> None:
    text = told(here, *VERBS[verb], "empty")
    assert text == "empty: holds no `estate.yaml`\n  hint: give the estate file, or its folder\n"


def test_what_has_no_place_is_called_an_error(here: Path, lab: str) -> None:
    (here / "estate.yaml").write_text(lab)
    text = told(here, "verify", ".", "--ignore", "nothing")
    assert text.startswith("error: `--ignore` names no check of this command: `nothing`\n  hint: ")
