"""The estate schema is valid, described, and judged by us as by the jsonschema package."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.estate_file.flaw import label, nearest, shown
from validator.estate_file.json_schema import flaws
from validator.estate_file.reading import schema

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
JUDGE = jsonschema.Draft202012Validator(schema())
CHART_VALUES = "#/$defs/app/properties/source/properties/chart/properties/values"
FREE = {"#/$defs/labelSelector", "#/$defs/labels", "#/$defs/ako/properties/values", CHART_VALUES}


def nodes(node: Any, at: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema with its place; maps of names to schemas are passed through."""
    if isinstance(node, dict):
        yield at, node
        for key in ("properties", "$defs"):
            for name, inner in node.get(key, {}).items():
                yield from nodes(inner, f"{at}/{key}/{name}")
        yield from nodes(node.get("items"), f"{at}/items")


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_object_is_closed_but_labels_and_chart_values() -> None:
    objects = {at: node for at, node in nodes(schema()) if node.get("type") == "object"}
    assert {at for at, node in objects.items() if node.get("additionalProperties") is not False} == FREE


def test_every_key_is_described() -> None:
    for at, node in nodes(schema()):
        for name, inner in node.get("properties", {}).items():
            target = schema()["$defs"][inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
            assert inner.get("description") or target.get("description"), f"{at}/properties/{name}"


def test_every_pattern_has_a_message() -> None:
    for at, node in nodes(schema()):
        if "pattern" in node and not at.endswith(("noProxy/items",)):
            assert node.get("errorMessage"), at


def test_defaults_are_allowed() -> None:
    for at, node in nodes(schema()):
        for name, inner in node.get("properties", {}).items():
            if "default" in inner:
                alone = {**schema(), "required": [], "properties": {"probe": inner}}
                assert not list(flaws({"probe": inner["default"]}, alone, lambda _: None)), f"{at}/{name}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_leads_an_editor_to_the_schema(path: Path) -> None:
    match = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert match is not None
    assert (path.parent / match[1]).resolve() == ROOT / "schemas/estate.schema.json"
    assert list(JUDGE.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 100_000),
    st.floats(0.1, 0.9),
    st.text(max_size=8).filter(lambda text: not text.endswith("\n")),
    st.sampled_from(["flux", "sops", "a", "1.9.2", "10.0.0.0/8", "/Site01", "active-standby", "a" * 300, "../x", "é"]),
)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.sampled_from(["name", "cidr", "x"]), SCALARS)
)


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*at, key)
        yield from places(item, (*at, key))


@settings(deadline=None, max_examples=300)
@given(data=st.data(), path=st.sampled_from(EXAMPLES))
def test_verdict_is_that_of_jsonschema(data: st.DataObject, path: Path) -> None:
    estate = copy.deepcopy(_loaded(path))
    for _ in range(data.draw(st.integers(1, 3))):
        spot = data.draw(st.sampled_from(list(places(estate))))
        owner: Any = estate
        for step in spot[:-1]:
            owner = owner[step]
        match data.draw(st.sampled_from(["replace", "remove", "rename"])):
            case "replace":
                owner[spot[-1]] = data.draw(VALUES)
            case "rename" if isinstance(owner, dict):
                owner[f"{spot[-1]}x"] = owner.pop(spot[-1])
            case _:
                del owner[spot[-1]]
    ours = [flaw.message for flaw in flaws(estate, schema(), lambda _: None)]
    theirs = [error.message for error in JUDGE.iter_errors(estate)]
    assert bool(ours) == bool(theirs), (ours, theirs)


def _loaded(path: Path) -> Any:
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8"))))


def test_last_line_break_is_not_let_through() -> None:
    estate = _loaded(EXAMPLES[0])
    estate["name"] += "\n"
    assert [flaw.pointer for flaw in flaws(estate, schema(), lambda _: None)] == [("name",)]


def test_names_are_guessed_across_spellings() -> None:
    assert nearest("parent_zone", ["domains", "parentZone"]) == "parentZone"
    assert nearest("controler", ["controller", "cloud"]) == "controller"
    assert nearest("colour", ["name", "engine"]) is None
    assert nearest("x" * 100_000, ["name"]) is None


def test_values_are_shown_short_and_never_secret() -> None:
    assert shown("a" * 100) == f"`{'a' * 60}…`"
    assert shown(True) == "`true`"
    assert shown({"password": "x"}) == "an item"
    assert shown("https://me:secret@host") == "a value that is not shown"
    assert label(("sites", 0, "avi")) == "sites[0].avi"
