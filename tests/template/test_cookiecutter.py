"""Plain cookiecutter, as a user runs it: the same bytes as `estate new`, and every trap."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.template.conftest import EXAMPLES, tree
from validator.lifecycle.render import render

pytestmark = pytest.mark.slow
CONFIG = "default_context:\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home of its own, so that a test may put a configuration there."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


class Cookiecutter:
    def __init__(self, checkout: Path, work: Path, home: Path) -> None:
        self.checkout = checkout
        self.work = work
        self.home = home
        self.temporary = home / "tmp"
        self.temporary.mkdir()

    def __call__(
        self, *arguments: str, template: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cookiecutter", "--no-input"]
        options = [item for item in arguments if item.startswith("-") or item in {"yes", "no"}]
        answers = [item for item in arguments if item not in options]
        own = {"HOME": str(self.home), "PWD": str(self.work), "TMPDIR": str(self.temporary)}
        return subprocess.run(
            [*command, *options, template or str(self.checkout), *answers],
            cwd=self.work,
            env={**os.environ, **own, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def left(self) -> list[str]:
        """Return what stands in the working folder, and what failed runs leave in the temporary one."""
        copies = (
            [path.name for path in self.temporary.iterdir() if any(path.iterdir())] if self.temporary.is_dir() else []
        )
        return sorted([path.name for path in self.work.iterdir()] + copies)


@pytest.fixture
def cookiecutter(checkout: Path, tmp_path: Path, home: Path) -> Cookiecutter:
    work = tmp_path / "work"
    work.mkdir()
    return Cookiecutter(checkout, work, home)


def test_makes_the_lab(cookiecutter: Cookiecutter, tmp_path: Path) -> None:
    answer = cookiecutter()
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout + answer.stderr == ""
    assert cookiecutter.left() == ["nsxbaas-lab"]
    assert tree(cookiecutter.work / "nsxbaas-lab") == tree(render(None, tmp_path / "new"))
    assert tree(cookiecutter.work / "nsxbaas-lab") == tree(render(EXAMPLES["lab"], tmp_path / "file"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_makes_the_estate_of_a_file(cookiecutter: Cookiecutter, example: str, tmp_path: Path) -> None:
    answer = cookiecutter(ESTATE_FILE=str(EXAMPLES[example]))
    assert answer.returncode == 0, answer.stderr
    (made,) = cookiecutter.work.iterdir()
    assert tree(made) == tree(render(EXAMPLES[example], tmp_path / "new"))


def test_takes_a_relative_template_and_a_relative_file(cookiecutter: Cookiecutter, checkout: Path) -> None:
    shutil.copy(EXAMPLES["argocd"], cookiecutter.work / "mine.yaml")
    answer = cookiecutter(template=os.path.relpath(checkout, cookiecutter.work), ESTATE_FILE="mine.yaml")
    assert answer.returncode == 0, answer.stderr
    assert (cookiecutter.work / "northwind" / "estate.yaml").is_file()


def test_answers_change_the_estate_file_and_what_is_made_of_it(cookiecutter: Cookiecutter) -> None:
    answer = cookiecutter("engine=argocd", "secrets=external-secrets", "repo=other")
    assert answer.returncode == 0, answer.stderr
    made = cookiecutter.work / "other"
    text = (made / "estate.yaml").read_text(encoding="utf-8")
    assert re.search(r"^engine: argocd$", text, re.MULTILINE)
    assert re.search(r"^  backend: external-secrets$", text, re.MULTILINE)
    assert list(made.rglob("application.yaml"))
    assert not list(made.rglob("flux-system"))
    assert list(made.rglob("*.external.yaml"))


def test_a_file_of_ones_own_is_not_asked_about(cookiecutter: Cookiecutter) -> None:
    answer = cookiecutter("engine=flux", ESTATE_FILE=str(EXAMPLES["argocd"]))
    assert answer.returncode == 0, answer.stderr
    assert not list(cookiecutter.work.rglob("flux-system"))


def test_tells_every_problem_of_a_file_and_writes_nothing(cookiecutter: Cookiecutter) -> None:
    text = EXAMPLES["lab"].read_text(encoding="utf-8").replace("leader: site01 ", "leader: site9 ")
    (cookiecutter.work / "bad.yaml").write_text(text.replace("engine: flux", "engine: fluks"), encoding="utf-8")
    answer = cookiecutter(ESTATE_FILE="bad.yaml")
    assert answer.returncode == 1
    places = re.findall(r"^\S*/bad\.yaml:(\d+):(\d+): ", answer.stderr, re.MULTILINE)
    assert len(places) == 2
    assert "Traceback" not in answer.stderr
    assert cookiecutter.left() == ["bad.yaml"]


@pytest.mark.parametrize("name", ["missing.yaml", "/nowhere/estate.yaml", "."])
def test_says_that_a_file_is_not_there(cookiecutter: Cookiecutter, name: str) -> None:
    answer = cookiecutter(ESTATE_FILE=name)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert cookiecutter.left() == []


def test_without_hooks_there_is_nothing(cookiecutter: Cookiecutter) -> None:
    answer = cookiecutter("--accept-hooks", "no")
    assert answer.returncode == 1
    assert "_this_template_needs_its_hooks" in answer.stdout + answer.stderr
    assert cookiecutter.left() == []


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "/nowhere/x", "../../x/y", "-x", ".hidden", "a b", "a\nb"])
def test_refuses_a_name_that_is_no_folder_name(cookiecutter: Cookiecutter, name: str) -> None:
    answer = cookiecutter(f"repo={name}")
    assert answer.returncode == 1
    assert list(cookiecutter.work.iterdir()) == []
    assert not (cookiecutter.work.parent / "x").exists()


def test_leaves_what_is_there_alone(cookiecutter: Cookiecutter) -> None:
    mine = cookiecutter.work / "nsxbaas-lab"
    mine.mkdir()
    (mine / "mine.txt").write_text("mine", encoding="utf-8")
    for options in ((), ("--overwrite-if-exists",), ("--overwrite-if-exists", "--skip-if-file-exists")):
        answer = cookiecutter(*options)
        assert answer.returncode == 1, options
        assert tree(mine) == {"mine.txt": b"mine"}


def test_fills_an_empty_clone(cookiecutter: Cookiecutter) -> None:
    head = cookiecutter.work / "nsxbaas-lab" / ".git" / "HEAD"
    head.parent.mkdir(parents=True)
    head.write_text("ref: refs/heads/main\n", encoding="utf-8")
    answer = cookiecutter("--overwrite-if-exists")
    assert answer.returncode == 0, answer.stderr
    assert head.read_text(encoding="utf-8") == "ref: refs/heads/main\n"
    assert (head.parents[1] / "README.md").is_file()


@pytest.mark.parametrize(
    "configured",
    [
        "  _estate: {sites: []}\n",
        "  _estate: {amko: {uuid: 00000000-0000-0000-0000-000000000000}}\n",
        "  _estate: nothing\n",
        "  _source: nothing\n",
        "  repo: ../x\n",
        "  _copy_without_render: ['*']\n",
    ],
)
def test_configuration_of_the_user_cannot_change_the_estate(
    cookiecutter: Cookiecutter, home: Path, configured: str
) -> None:
    (home / ".cookiecutterrc").write_text(CONFIG + configured, encoding="utf-8")
    answer = cookiecutter()
    assert cookiecutter.left() == ([] if answer.returncode else ["nsxbaas-lab"])
    if answer.returncode == 0:
        assert "UserWarning" in answer.stderr
        assert (cookiecutter.work / "nsxbaas-lab" / "sites" / "site01").is_dir()


def test_configuration_may_answer_the_questions(cookiecutter: Cookiecutter, home: Path) -> None:
    (home / ".cookiecutterrc").write_text(CONFIG + "  engine: argocd\n", encoding="utf-8")
    assert cookiecutter().returncode == 0
    assert list(cookiecutter.work.rglob("application.yaml"))


def test_estate_new_does_not_read_configuration(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = home / "config.yaml"
    config.write_text(CONFIG + "  repo: ../x\n  _estate: {sites: []}\n", encoding="utf-8")
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(config))
    assert (render(None, tmp_path / "lab") / "sites" / "site02").is_dir()
    assert list(home.iterdir()) == [config]


def test_the_api_refuses_an_estate_without_its_file(checkout: Path, tmp_path: Path) -> None:
    from cookiecutter.exceptions import FailedHookException
    from cookiecutter.main import cookiecutter

    private = {"replay_dir": str(tmp_path / "replay"), "cookiecutters_dir": str(tmp_path / "templates")}
    output = tmp_path / "output"
    with pytest.raises(FailedHookException):
        cookiecutter(
            str(checkout),
            no_input=True,
            output_dir=str(output),
            default_config=private,
            extra_context={"_estate": {"name": "other", "sites": []}},
        )
    assert not list(output.iterdir())


def test_leaves_no_script_behind(cookiecutter: Cookiecutter) -> None:
    assert cookiecutter().returncode == 0
    assert not list(cookiecutter.temporary.glob("tmp*.py"))
