"""A repository is read within its bounds, by one process or by two."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from validator import parallel
from validator.read import files, reading
from validator.read.reading import Contents, Reading

NAMES = ["a.yaml", "m/a/1.yaml", "m/a/2.yaml", "m/b/1.yaml", "z/1.yaml"]


@pytest.fixture(params=["one process", "two processes"])
def root(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of five files, read by one process or by two."""
    if request.param == "two processes":
        if not sys.platform.startswith("linux"):
            pytest.skip("only Linux forks")
        monkeypatch.setattr(parallel, "_can_fork", lambda: True)
        monkeypatch.setattr(reading, "MANY_FOLDERS", 2)
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"file: {name}\n")
    return tmp_path


def read(root: Path, exclude: tuple[str, ...] = ()) -> Contents:
    begun = Reading(root, exclude)
    try:
        return begun.contents()
    finally:
        begun.end()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_files_come_in_order_those_of_a_folder_before_those_below(root: Path) -> None:
    assert [document.path for document in read(root).documents] == NAMES
    assert [document.path for document in read(root, ("m/*",)).documents] == ["a.yaml", "z/1.yaml"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("most", [1, 3, 4])
def test_of_too_many_files_the_first_are_read_and_the_next_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(files, "MAX_FILES", most)
    found = read(root)
    assert [document.path for document in found.documents] == NAMES[:most]
    assert [(one.path, one.message) for one in found.unreadable] == [
        (NAMES[most], f"is past the {most} files that one run reads")
    ]
