"""`cookiecutter.json`: the lab that it carries, and the answers that change it."""

import json
from pathlib import Path

import pytest

from tests.template.conftest import BACKENDS, ENGINES, EXAMPLES, ROOT, TEMPLATE
from validator.errors import EstateError
from validator.estate_file import declared
from validator.lifecycle import questions
from validator.read.exact import load_all

CONFIG = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))


def test_carries_the_lab_as_it_is_now() -> None:
    assert json.loads(json.dumps(questions.config(questions.lab(), ask=True))) == CONFIG, (
        "examples/lab.yaml or its defaults have changed: python -m validator.lifecycle.questions"
    )


def test_the_estate_is_what_the_source_says() -> None:
    (tree,) = load_all("\n".join(CONFIG["_source"]).encode(), "estate.yaml")
    assert declared.resolve(tree.value) == CONFIG["_estate"]


def test_cookiecutter_itself_renders_the_estate_file_alone() -> None:
    from cookiecutter.generate import is_copy_only_path

    context = {"cookiecutter": CONFIG}
    rendered = [path.name for path in TEMPLATE.iterdir() if not is_copy_only_path(path.name, context)]
    assert rendered == ["estate.yaml"]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_an_answer_changes_its_value_and_nothing_else(example: str, engine: str, backend: str) -> None:
    text = EXAMPLES[example].read_text(encoding="utf-8")
    (before,), (after,) = (
        load_all(version.encode(), "estate.yaml")
        for version in (text, questions.chosen(text, {"engine": engine, "secrets": backend}))
    )
    expected = {**before.value, "engine": engine, "secrets": {**before.value["secrets"], "backend": backend}}
    assert after.value == expected


def test_refuses_an_answer_that_is_none() -> None:
    with pytest.raises(EstateError, match="no answer for `engine`"):
        questions.chosen(questions.lab(), {"engine": "puppet"})


def test_finds_an_estate_that_is_not_the_source() -> None:
    changed = {**CONFIG, "_estate": {**CONFIG["_estate"], "name": "other"}, "engine": "flux", "secrets": "sops"}
    assert questions.flaws({**CONFIG, "engine": "flux", "secrets": "sops"}) == []
    assert len(questions.flaws(changed)) == 1
    assert questions.flaws({**changed, "_source": "text"}) != []
    assert any("`name`" in flaw for flaw in questions.flaws({**CONFIG, "_source": ["name: 3", "engine: flux"]}))


def test_a_file_of_ones_own_asks_for_the_folder_only(tmp_path: Path) -> None:
    (tmp_path / "cookiecutter.json").write_text("{}", encoding="utf-8")
    questions.configure(tmp_path, questions.lab())
    written = json.loads((tmp_path / "cookiecutter.json").read_text(encoding="utf-8"))
    assert [name for name in written if not name.startswith("_")] == ["repo"]
    assert written[questions.HOOKS_RAN] is True
