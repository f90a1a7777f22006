"""Charts that stand in the repository: vendored, or depended on by a chart of one's own."""

from __future__ import annotations

from validator.model import Estate, Release
from validator.read.estate import read_files
from validator.read.files import SourceFile, without_templates

FLUX = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: avi, namespace: avi-system}
spec:
  chart: {spec: {chart: ./charts/avi, version: 9.9.9, sourceRef: {kind: GitRepository, name: flux-system}}}
  values: {ako: {AKOSettings: {clusterName: one}}, text: hello}
"""
ARGO = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: avi, namespace: argocd}
spec:
  source:
    repoURL: https://git.example.com/a/b
    path: charts/avi
    helm:
      parameters:
        - {name: ako.AKOSettings.clusterName, value: one}
        - {name: "ako.NetworkSettings.vipNetworkList[0].networkName", value: vip}
  destination: {name: one, namespace: avi-system}
"""
CHART = """
apiVersion: v2
name: avi
version: 3.0.0
dependencies:
  - {name: ako, version: 1.13.4, repository: "oci://example.com", condition: ako.enabled}
  - {name: amko, version: 1.13.1, repository: "oci://example.com", condition: gslb.enabled}
"""
VALUES = """
ako: {enabled: true, AKOSettings: {logLevel: INFO}, NetworkSettings: {vipNetworkList: [{cidr: 10.0.0.0/24}]}}
gslb: {enabled: false}
"""


def estate(**files: str) -> Estate:
    """Read files; `__` in a name stands for `/`."""
    return read_files(
        [SourceFile(f"{name.replace('__', '/')}.yaml", text.encode()) for name, text in files.items()], ""
    )


def releases(found: Estate) -> list[Release]:
    return [release for cluster in found.clusters for release in (*cluster.ako, *cluster.amko)]


def test_a_dependency_gets_the_values_below_its_name() -> None:
    found = releases(estate(charts__avi__Chart=CHART, charts__avi__values=VALUES, one__avi=FLUX))
    assert [(one.chart, one.version, one.name) for one in found] == [("ako", "1.13.4", "avi")]
    assert found[0].values.merged["AKOSettings"] == {"logLevel": "INFO", "clusterName": "one"}
    assert "enabled" not in found[0].values.merged
    at = found[0].at("AKOSettings", "clusterName")
    assert (at.document.path, at.pointer) == ("one/avi.yaml", ("spec", "values", "ako", "AKOSettings", "clusterName"))


def test_parameters_reach_into_lists() -> None:
    found = releases(estate(charts__avi__Chart=CHART, charts__avi__values=VALUES, one__avi=ARGO))
    assert [one.text("AKOSettings", "clusterName") for one in found] == ["one"]
    assert found[0].get("NetworkSettings", "vipNetworkList") == [{"networkName": "vip"}]


def test_a_vendored_chart_has_the_version_of_its_own_file() -> None:
    chart = "{apiVersion: v2, name: ako, version: 1.12.3}"
    found = releases(estate(charts__avi__Chart=chart, one__avi=FLUX))
    assert [(one.version, one.get("text")) for one in found] == [("1.12.3", "hello")]
    at_source = "{apiVersion: v2, name: ako, version: 0.1.0}"
    assert [one.version for one in releases(estate(charts__avi__Chart=at_source, one__avi=FLUX))] == [None]


def test_a_chart_of_anything_else_installs_nothing_of_ours() -> None:
    assert releases(estate(charts__avi__Chart="{apiVersion: v2, name: avi}", one__avi=FLUX)) == []


def test_templates_of_charts_are_left_out() -> None:
    names = ["a/Chart.yaml", "a/templates/x.yaml", "a/templates/plain.yaml", "a/crds/x.yaml", "b/templates/x.yaml"]
    files = [SourceFile(name, b"a: 1" if "plain" in name else b"a: {{ b }}") for name in names]
    left = [file.path for file in without_templates(files)]
    assert left == ["a/Chart.yaml", "a/templates/plain.yaml", "a/crds/x.yaml", "b/templates/x.yaml"]
