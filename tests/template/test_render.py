"""`estate new`: all or nothing, in one place, with the exit codes of the design."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.command import estate
from tests.template.conftest import EXAMPLES, tree
from validator.cli.new import command
from validator.errors import EstateError, InputError
from validator.estate_file.reading import EstateFileError
from validator.lifecycle import expand
from validator.lifecycle.render import render


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments: str | Path) -> tuple[int, str]:
    answer = CliRunner().invoke(command, [str(item) for item in arguments], standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.return_value, answer.output


def test_makes_the_folder_of_the_name(here: Path) -> None:
    code, output = new()
    assert code == 0
    assert output == "made nsxbaas-lab: README.md there says what to do next\n"
    assert [path.name for path in here.iterdir()] == ["nsxbaas-lab"]


def test_makes_the_folder_that_is_named_and_those_above(here: Path) -> None:
    assert new(EXAMPLES["argocd"], "-o", "a/b/mine")[0] == 0
    assert (here / "a" / "b" / "mine" / "sites" / "oslo").is_dir()
    ordinary = here / "ordinary"
    ordinary.mkdir()
    assert (here / "a" / "b" / "mine").stat().st_mode == ordinary.stat().st_mode


@pytest.mark.parametrize("kind", ["folder", "empty", "file", "link", "dangling"])
def test_leaves_what_is_there_alone(here: Path, kind: str) -> None:
    place = here / "lab"
    if kind in {"folder", "empty"}:
        place.mkdir()
        if kind == "folder":
            (place / "mine").write_text("mine", encoding="utf-8")
    elif kind == "file":
        place.write_text("mine", encoding="utf-8")
    else:
        place.symlink_to(here if kind == "link" else here / "nowhere")
    before = everything(here)
    with pytest.raises(InputError, match="is there already"):
        new("-o", "lab")
    assert everything(here) == before


def test_cannot_make_a_folder_in_a_file(here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is not a folder"):
        new("-o", "file/lab")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_says_that_it_may_not_write(here: Path) -> None:
    (here / "locked").mkdir(mode=0o500)
    with pytest.raises(InputError, match="permission denied"):
        new("-o", "locked/lab")


def test_tells_all_problems_of_a_file_and_writes_nothing(here: Path) -> None:
    text = EXAMPLES["lab"].read_text(encoding="utf-8").replace("leader: site01 ", "leader: site9 ")
    (here / "bad.yaml").write_text(text.replace("engine: flux", "engine: fluks"), encoding="utf-8")
    told = estate("new", "bad.yaml", "-o", "deep/lab")
    assert told.code == 2
    assert [line.split(": ")[0] for line in told.err.splitlines() if line.startswith("bad.yaml:")] == [
        "bad.yaml:6:9",
        "bad.yaml:24:11",
    ]
    assert everything(here) == ["bad.yaml"]


def test_a_name_cannot_leave_the_folder(here: Path) -> None:
    text = EXAMPLES["lab"].read_text(encoding="utf-8")
    for name in ("../out", "/out", "a/b", ".."):
        (here / "bad.yaml").write_text(text.replace("nsxbaas-lab\n", f"{name}\n", 1), encoding="utf-8")
        assert estate("new", "bad.yaml").code == 2
        (here / "bad.yaml").write_text(text.replace("- name: site01", f"- name: {name}", 1), encoding="utf-8")
        assert estate("new", "bad.yaml").code == 2
    assert everything(here) == ["bad.yaml"]


def test_a_finding_keeps_the_result_back(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = expand.expand

    def break_it(folder: Path) -> None:
        original(folder)
        (folder / "sites" / "broken.yaml").write_text("a: [\n", encoding="utf-8")

    monkeypatch.setattr(expand, "expand", break_it)
    code, output = new("-o", "a/lab")
    assert code == 1
    assert "sites/broken.yaml:" in output
    assert everything(here) == []


@pytest.mark.parametrize("error", [EstateError("no"), OSError(28, "full"), KeyboardInterrupt()])
def test_whatever_happens_nothing_is_left(here: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(folder: Path) -> None:
        assert folder.is_dir()
        raise error

    monkeypatch.setattr(expand, "expand", fail)
    with pytest.raises((EstateError, KeyboardInterrupt)):
        render(None, here / "a" / "lab")
    assert everything(here) == []


def test_the_target_may_appear_meanwhile(here: Path) -> None:
    place = here / "a" / "lab"

    def occupy(_: Path) -> None:
        place.mkdir(parents=True)
        (place / "mine").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError, match="is there already"):
        render(None, place, check=occupy)
    assert everything(here) == ["a", "a/lab", "a/lab/mine"]


def test_writes_nothing_at_home(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = here / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    render(None, here / "lab")
    assert everything(home) == []


def test_the_name_of_the_folder_changes_nothing_inside(here: Path) -> None:
    assert tree(render(None, here / "one")) == tree(render(None, here / "two"))


def test_keeps_the_bytes_of_the_estate_file(here: Path) -> None:
    text = EXAMPLES["lab"].read_text(encoding="utf-8").split("\n", 1)[1].replace("\n", "\r\n") + "# Grüße {{ }} << x"
    (here / "mine.yaml").write_bytes(text.encode())
    assert (render(here / "mine.yaml", here / "lab") / "estate.yaml").read_bytes() == text.encode()


def test_raises_all_problems_at_once(here: Path) -> None:
    (here / "bad.yaml").write_text("name: 3\nengine: 4\n", encoding="utf-8")
    with pytest.raises(EstateFileError) as caught:
        render(here / "bad.yaml")
    assert len(caught.value.problems) > 5
