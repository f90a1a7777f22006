"""The examples, rendered as they lie, are the golden trees byte for byte; `make golden` renews them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.template.conftest import EXAMPLES, ROOT, tree
from validator.lifecycle.render import render

GOLDEN = ROOT / "tests" / "golden"


def test_every_example_has_a_golden_tree() -> None:
    assert {path.name for path in GOLDEN.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_renders_the_golden_tree(example: str, tmp_path: Path) -> None:
    made, golden = tree(render(EXAMPLES[example], tmp_path / "made")), tree(GOLDEN / example)
    assert sorted(made) == sorted(golden)
    assert [path for path in made if made[path] != golden[path]] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_renders_the_same_twice(example: str, tmp_path: Path) -> None:
    assert tree(render(EXAMPLES[example], tmp_path / "one")) == tree(render(EXAMPLES[example], tmp_path / "two"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_records_what_it_rendered_from_what(example: str) -> None:
    files = tree(GOLDEN / example)
    lock = json.loads(files.pop(".estate/lock.json"))
    assert lock["files"] == {path: sha256(content).hexdigest() for path, content in sorted(files.items())}
    assert "\n".join(lock["inputs"]["estate.yaml"]).encode() == files["estate.yaml"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_keeps_the_estate_file_but_for_its_modeline(example: str) -> None:
    first, rest = (GOLDEN / example / "estate.yaml").read_text(encoding="utf-8").split("\n", 1)
    assert first == "# yaml-language-server: $schema=.estate/estate.schema.json"
    assert rest == EXAMPLES[example].read_text(encoding="utf-8").split("\n", 1)[1]
