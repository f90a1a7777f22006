"""Both engines give the same problems, with the real kubeconform, for every kind that has a schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.schema.kind_samples import faulty, good, schemas
from validator import schema
from validator.kubeconform import Run, Verdicts
from validator.kubeconform.message import faults

FAULTS = 60


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    """Return good documents of every kind, and such with one fault each, by file name."""
    found: dict[str, Any] = {}
    for name, root in schemas().items():
        stem = name.replace("/", "_")
        found[f"{stem}/least.yaml"] = good(root, full=False)
        found[f"{stem}/full.yaml"] = full = good(root, full=True)
        for index, (_, bad) in enumerate(faulty(root, full, FAULTS)):
            found[f"{stem}/{index}.yaml"] = bad
    return found


@pytest.fixture(scope="module")
def verdicts(documents: dict[str, Any], kubeconform: Path, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    root = tmp_path_factory.mktemp("parity")
    for name, document in documents.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(json.dumps(document), encoding="utf-8")
    return Run(kubeconform, root).verdicts()


@pytest.mark.parametrize("kind", sorted(name.replace("/", "_") for name in schemas()))
def test_same_problems(kind: str, documents: dict[str, Any], verdicts: Verdicts) -> None:
    mine = {name: document for name, document in documents.items() if name.startswith(f"{kind}/")}
    assert len(mine) > 10
    for name, document in mine.items():
        own = schema.check(document["apiVersion"], document["kind"], document)
        assert verdicts.problems(name, document) == own, name


def test_kubeconform_itself_told_of_nearly_all(documents: dict[str, Any], verdicts: Verdicts) -> None:
    """Without this the comparison could be of the built-in engine with itself."""
    judged = {result.path for result in verdicts.results if result.status in ("valid", "invalid")}
    assert len(judged) > 0.9 * len(documents)
    refused = {result.path for result in verdicts.results if result.status == "invalid"}
    assert len(refused) > 0.85 * len(documents)
    for result in verdicts.results:
        if result.status == "invalid":
            assert faults(result.message, documents[result.path]), result.path
