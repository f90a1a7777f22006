"""Every example with every engine and every secrets backend."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.template.conftest import EXAMPLES, Files, files_of, text_of, write
from validator import runner
from validator.facts import served
from validator.options import Options
from validator.read.exact import load_all
from validator.values import validate_values

LEFTOVERS = re.compile(
    r"<<|>>|<%|%>|<#|#>|cookiecutter\.|\b_(site|cluster|app|release|secret|standby|parts)\b|Undefined|built-in"
)
SUFFIX = {"sops": ".sops.yaml", "sealed-secrets": ".sealed.yaml", "external-secrets": ".external.yaml"}


def documents(files: Files) -> list[tuple[str, Any]]:
    return [
        (path, tree.value)
        for path, text in files.items()
        if path.endswith((".yaml", ".yml")) and not path.startswith("avi/")
        for tree in load_all(text.encode(), path)
        if isinstance(tree.value, dict)
    ]


def test_leaves_nothing_of_the_template(files: Files) -> None:
    assert [path for path in files if LEFTOVERS.search(path)] == []
    written = {path: text for path, text in files.items() if path != ".estate/estate.schema.json"}
    assert {path: found for path, text in written.items() if (found := LEFTOVERS.findall(text))} == {}


def test_writes_plain_text(files: Files) -> None:
    for path, text in files.items():
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not text.startswith("\n"), path
        assert re.search(r"[ \t]$", text, re.MULTILINE) is None, path


def test_has_one_object_of_each_name_in_a_folder(files: Files) -> None:
    seen: set[tuple[Any, ...]] = set()
    for path, value in documents(files):
        if "metadata" not in value:
            continue
        metadata = value["metadata"]
        key = (path.rsplit("/", 1)[0], value["apiVersion"], value["kind"], metadata.get("namespace"), metadata["name"])
        assert key not in seen
        seen.add(key)


def test_serves_only_what_the_declared_releases_serve(files: Files, combination: tuple[str, str, str]) -> None:
    text = text_of(*combination)
    versions = load_all(text.encode(), "estate.yaml")[0].value["versions"]
    for path, value in documents(files):
        if "/" not in str(value.get("apiVersion")):
            continue
        group, version = value["apiVersion"].split("/")
        product = served.product_of(group)
        if product is not None:
            release = versions.get(product, served.newest(product))
            assert served.is_served(group, value["kind"], version, release), path


def test_writes_secrets_for_one_backend_and_never_a_value(files: Files, combination: tuple[str, str, str]) -> None:
    backend = combination[2]
    others = tuple(suffix for name, suffix in SUFFIX.items() if name != backend)
    assert [path for path in files if path.endswith(others)] == []
    assert (".sops.yaml" in files) == (backend == "sops")
    for path, value in documents(files):
        if value.get("kind") == "Secret" and value.get("type") != "kubernetes.io/service-account-token":
            assert backend == "sops", path
            assert "data" not in value
            assert all("REPLACE-ME" in text for text in value["stringData"].values())
        if value.get("kind") == "SealedSecret":
            assert set(value["spec"]["encryptedData"].values()) == {"REPLACE-ME"}


def test_gives_charts_values_that_they_know(files: Files) -> None:
    sources = {
        value["metadata"]["name"]: value["spec"]["ref"]["tag"]
        for _, value in documents(files)
        if value.get("kind") == "OCIRepository"
    }
    count = 0
    for path, value in documents(files):
        if "/apps/" in path:
            continue  # charts of applications are nobody's but their makers'
        if value.get("kind") == "HelmRelease":
            spec = value["spec"]
            name = value["metadata"]["name"]
            version, values = sources.get(name) or spec["chart"]["spec"]["version"], spec["values"]
        elif value.get("kind") == "Application" and "chart" in value["spec"].get("sources", [{}])[0]:
            source = value["spec"]["sources"][0]
            name, version, values = source["chart"], source["targetRevision"], source["helm"]["valuesObject"]
        else:
            continue
        count += 1
        assert validate_values(name, version, values) == [], path
    assert count


@pytest.mark.slow
def test_has_no_findings(files: Files, tmp_path: Path) -> None:
    report = runner.run(write(files, tmp_path / "estate"), Options(kubeconform="off"))
    assert report.findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES)
def test_kustomize_builds_every_folder(example: str, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is missing")
    built: set[str] = set()
    for engine in ("flux", "argocd"):
        folder = write(files_of(text_of(example, engine, "sops")), tmp_path / engine)
        for kustomization in sorted(folder.rglob("kustomization.yaml")):
            text = "".join(path.read_text(encoding="utf-8") for path in sorted(kustomization.parent.rglob("*.yaml")))
            if text in built:
                continue
            built.add(text)
            build = ["kubectl", "kustomize", str(kustomization.parent)]
            answer = subprocess.run(build, capture_output=True, text=True, check=False, timeout=60)
            assert answer.returncode == 0, f"{kustomization}: {answer.stderr}"
