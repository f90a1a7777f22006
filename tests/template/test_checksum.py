"""The toleration that makes pods roll when chart values change."""

from typing import Any

import pytest

from tests.template.conftest import files_of, text_of
from validator.read.exact import load_all
from validator.values.checksum import KEY, checksum, stamp, stamped

OTHER = {"key": "dedicated", "operator": "Exists"}


def test_is_sha256_of_canonical_json() -> None:
    assert checksum({}) == "44136fa355b3678a"
    assert checksum({"b": 1, "a": "é"}) == checksum({"a": "é", "b": 1})


def test_does_not_count_itself() -> None:
    values = {"a": 1, "tolerations": [OTHER]}
    once = stamped(values)
    assert stamped(once) == once
    assert stamp(once) == checksum(once) == checksum(values)
    assert [item["key"] for item in once["tolerations"]] == ["dedicated", KEY]
    assert values["tolerations"] == [OTHER]
    assert stamp(values) is None


def test_tells_a_list_without_it_from_no_list() -> None:
    assert checksum(stamped({"a": 1})) == checksum({"a": 1})
    assert checksum({"a": 1, "tolerations": []}) != ""


@pytest.mark.parametrize("values", [{"tolerations": None}, {"tolerations": "x"}, {"tolerations": ["x", 1]}])
def test_survives_nonsense(values: dict[str, Any]) -> None:
    assert stamp(values) is None
    assert len(checksum(values)) == 16


@pytest.mark.parametrize(("engine", "file"), [("flux", "release.yaml"), ("argocd", "application.yaml")])
def test_a_changed_setting_changes_the_pod_template_of_its_release_only(engine: str, file: str) -> None:
    text = text_of("lab", engine)
    changed = text.replace("appSelector: {app: gslb}", "appSelector: {app: gslb}\n  logLevel: DEBUG")
    before, after = files_of(text), files_of(changed)
    stamps = {path: (_stamp(before[path]), _stamp(after[path])) for path in before if path.endswith(f"/{file}")}
    assert {path.split("/")[-2] for path, (old, new) in stamps.items() if old != new} == {"amko"}
    assert all(old and new for old, new in stamps.values())


def _stamp(text: str) -> str | None:
    (tree,) = load_all(text.encode(), "test")
    spec = tree.value["spec"]
    return stamp(spec["values"] if "values" in spec else spec["sources"][0]["helm"]["valuesObject"])
