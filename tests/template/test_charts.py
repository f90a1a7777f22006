"""The real charts take the values. Needs helm, and in ESTATE_CHARTS a folder with `ako-<release>/` and `amko-<release>/`."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.template.conftest import EXAMPLES, files_of, text_of
from validator.facts import ako, amko
from validator.read.effective import merge
from validator.read.exact import load_all
from validator.values.checksum import KEY

CHARTS = os.environ.get("ESTATE_CHARTS")
CREDENTIALS = {"ako": "avicredentials", "amko": "gslbLeaderCredentials"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHARTS or not shutil.which("helm"), reason="needs helm, and charts in ESTATE_CHARTS"),
]


@pytest.fixture(scope="session")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the charts as they are published: in the source repository each says 0.1.0."""
    folder = tmp_path_factory.mktemp("charts")
    for chart in sorted(Path(CHARTS or "").glob("a*ko-*")):
        version = chart.name.rpartition("-")[2]
        copy = shutil.copytree(chart, folder / chart.name)
        name = chart.name.partition("-")[0]
        text = f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: {version}\n"
        (copy / "Chart.yaml").write_text(text, encoding="utf-8")
    return folder


@cache
def rendered(chart: Path, values: str) -> list[Any]:
    """Return the objects that a chart makes of values given as JSON."""
    api = ["--api-versions", "networking.k8s.io/v1/IngressClass", "--include-crds"]
    name = chart.name.partition("-")[0]
    command = ["helm", "template", name, str(chart), "-n", "avi-system", "-f", "-", *api]
    answer = subprocess.run(command, input=values, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return [tree.value for tree in load_all(answer.stdout.encode(), "helm") if tree.value]


def closed(schema: Any) -> Any:
    """Return a CRD's schema that refuses what it does not know, as the API server drops it."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    open_ended = "additionalProperties" in found or found.get("x-kubernetes-preserve-unknown-fields")
    return found if "properties" not in found or open_ended else {**found, "additionalProperties": False}


def releases(text: str) -> list[tuple[str, str, Any]]:
    """Return name, version and values, with credentials as the cluster adds them, of every release of an estate."""
    found = []
    versions = load_all(text.encode(), "estate.yaml")[0].value["versions"]
    for path, content in files_of(text).items():
        match = re.search(r"/(ako|amko)/(release|application)\.yaml$", path)
        if match is None:
            continue
        spec = load_all(content.encode(), path)[0].value["spec"]
        values = spec["values"] if "values" in spec else spec["sources"][0]["helm"]["valuesObject"]
        if match[2] == "release":
            values = merge({CREDENTIALS[match[1]]: {"username": "u", "password": "p"}}, values)
        found.append((match[1], versions[match[1]], values))
    return found


@pytest.mark.parametrize("version", ako.releases())
@pytest.mark.parametrize("engine", ["flux", "argocd"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_charts_make_valid_objects(charts: Path, example: str, engine: str, version: str) -> None:
    text = text_of(example, engine)
    text = re.sub(r'\bako: "[\d.]+"', f'ako: "{version}"', text, count=1)
    text = re.sub(r'\bamko: "[\d.]+"', f'amko: "{amko.for_ako(version)}"', text, count=1)
    for name, release, values in releases(text):
        objects = rendered(charts / f"{name}-{release}", json.dumps(values))
        schemas = {
            (item["spec"]["group"] + "/" + served["name"], item["spec"]["names"]["kind"]): served["schema"][
                "openAPIV3Schema"
            ]
            for item in objects
            if item["kind"] == "CustomResourceDefinition"
            for served in item["spec"]["versions"]
        }
        for item in objects:
            schema = schemas.get((item["apiVersion"], item["kind"]))
            if schema is not None:
                known = {**schema, "properties": {**schema["properties"], "metadata": {}, "apiVersion": {}, "kind": {}}}
                assert [error.message for error in Draft7Validator(closed(known)).iter_errors(item)] == []
        (stateful,) = (item for item in objects if item["kind"] == "StatefulSet")
        tolerations = stateful["spec"]["template"]["spec"]["tolerations"]
        assert KEY in {toleration["key"] for toleration in tolerations}
        if name == "amko":
            _check_amko(objects, values, release)
        else:
            (config,) = (item["data"] for item in objects if item["kind"] == "ConfigMap")
            assert all(isinstance(value, str) for value in config.values())
            assert config["clusterName"] == values["AKOSettings"]["clusterName"]


def _check_amko(objects: list[Any], values: Any, release: str) -> None:
    found = {item["kind"]: item for item in objects}
    cluster, config, policy = found["AMKOCluster"], found["GSLBConfig"], found["GlobalDeploymentPolicy"]
    assert cluster["spec"]["isLeader"] is values["federation"]["currentClusterIsLeader"]
    assert cluster["spec"]["clusterContext"] in cluster["spec"]["clusters"]
    assert cluster["spec"]["version"] == release
    assert isinstance(config["spec"]["gslbLeader"]["controllerVersion"], str)
    uuid = config["metadata"].get("annotations", {}).get("amko.vmware.com/amko-uuid")
    assert uuid == (values["configs"]["amkoUUID"] if release != "1.9.1" else None)
    given = values["globalDeploymentPolicy"]
    for key in ("matchClusters", "trafficSplit", "ttl", "poolAlgorithmSettings", "downResponse"):
        assert policy["spec"].get(key) == given.get(key)
    assert policy["spec"]["matchRules"] == {
        key: given[key] for key in ("appSelector", "namespaceSelector") if key in given
    }


def test_a_changed_value_changes_the_pod_template(charts: Path) -> None:
    templates = []
    for level in ("INFO", "DEBUG"):
        text = text_of("lab").replace("appSelector: {app: gslb}", f"appSelector: {{app: gslb}}\n  logLevel: {level}")
        name, release, values = next(item for item in releases(text) if item[0] == "amko")
        objects = rendered(charts / f"{name}-{release}", json.dumps(values))
        templates.append(next(item["spec"]["template"] for item in objects if item["kind"] == "StatefulSet"))
    assert templates[0] != templates[1]
    for template in templates:
        del template["spec"]["tolerations"]
    assert templates[0] == templates[1]
