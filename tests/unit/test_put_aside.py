"""What nobody applies, what a sync changes, and names in any bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from validator.model import Estate
from validator.options import Options
from validator.read.estate import read_estate
from validator.report import FORMATS, write
from validator.runner import run

SYNC = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, path: ./clusters/a, prune: true, sourceRef: {kind: GitRepository, name: flux-system}%s}
"""


def tree(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def rules(root: Path) -> list[str]:
    return [found.rule for found in run(root, Options(kubeconform="off")).findings]


def objects(estate: Estate, kind: str) -> list[str]:
    return [item.name for cluster in estate.clusters for item in cluster.of(kind)]


def test_broken_example_is_put_aside_until_something_applies_its_folder(tmp_path: Path) -> None:
    files = {
        "docs/examples/x.yaml": "kind: Ingress\napiVersion: networking.k8s.io/v1\nmetadata: {name: x}\nspec: {rules: 3}\n"
    }
    root = tree(tmp_path, {**files, "clusters/a/sync.yaml": SYNC % ""})
    assert rules(root) == []
    tree(root, {"clusters/a/kustomization.yaml": "resources: [sync.yaml, ../../docs/examples/x.yaml]\n"})
    assert "SCH101" in rules(root)


def test_secret_among_examples_is_told(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {password: hunter2}\n"
    assert rules(tree(tmp_path, {"examples/x.yaml": text})) == ["SEC201"]


def test_root_sync_changes_what_it_applies(tmp_path: Path) -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: '${name}'}\n"
    files = {"clusters/a/sync.yaml": SYNC % ", postBuild: {substitute: {name: shop}}", "clusters/a/ns.yaml": namespace}
    assert objects(read_estate(tree(tmp_path, files)), "Namespace") == ["shop"]


def test_patch_with_a_target_renames_nothing(tmp_path: Path) -> None:
    patch = '{target: {kind: Namespace}, patch: "{kind: Namespace, metadata: {name: _, labels: {a: b}}}"}'
    files = {
        "clusters/a/sync.yaml": SYNC % f", patches: [{patch}]",
        "clusters/a/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
    }
    found = read_estate(tree(tmp_path, files)).clusters[0].of("Namespace")[0]
    assert (found.name, found.labels) == ("shop", {"a": "b"})


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_names_in_any_bytes(format: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    try:
        for name in (b"bad\xff.yaml", b"a\nb.yaml", b"c\x1b[31m.yaml"):
            (root / os.fsdecode(name)).write_text("a: [\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("the file system takes no such name")
    output = tmp_path / "report"
    write(run(root, Options(kubeconform="off")), format, str(output))
    text = output.read_text(encoding="utf-8")
    assert "bad" in text
    assert "\x1b" not in text
    if format == "json":
        assert len(json.loads(text)["findings"]) == 3


def test_comment_with_thousands_of_names_ends(tmp_path: Path) -> None:
    names = ",".join(f"rule-{number}" for number in range(20_000))
    found = rules(tree(tmp_path, {"a.yaml": f"# estate: ignore[{names}] why\na: 1\n"}))
    assert set(found) == {"YML801"}
    assert len(found) <= 100
