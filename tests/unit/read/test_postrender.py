"""Post-renderers change what the objects of the AMKO chart say."""

from __future__ import annotations

import textwrap

import pytest

from validator.model import Release
from validator.read.effective import MISSING
from validator.read.estate import assemble
from validator.read.files import SourceFile
from validator.read.reading import contents_of

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: amko, namespace: avi-system}
spec:
  chart: {spec: {chart: amko, version: 1.9.1}}
  values: {federation: {currentCluster: a}, configs: {logLevel: INFO}, globalDeploymentPolicy: {ttl: 10}}
  postRenderers:
    - kustomize:
        patches:
"""


def release(*patches: str) -> Release:
    text = RELEASE + textwrap.indent("".join(patches), " " * 10)
    contents = contents_of([SourceFile("site01/amko.yaml", text.encode())])
    assert not contents.unreadable
    return assemble(contents, ".").clusters[0].amko[0]


def test_merge_patch() -> None:
    found = release(
        """\
- target: {kind: GSLBConfig}
  patch: |
    metadata: {annotations: {amko.vmware.com/amko-uuid: x}}
    spec: {logLevel: DEBUG}
"""
    )
    assert (found.text("configs", "amkoUUID"), found.text("configs", "logLevel")) == ("x", "DEBUG")
    assert found.values.get("configs", "amkoUUID") is MISSING
    assert found.at("configs", "amkoUUID").locate() == (11, 20)
    assert found.at("configs", "tenant").locate()[0] == 6


def test_json_patch() -> None:
    found = release(
        """\
- target: {kind: GlobalDeploymentPolicy, name: global-gdp}
  patch: '[{op: add, path: /spec/pkiProfileRef, value: pki-1}, {op: add, path: /spec/matchClusters/-, value: {cluster: b}}]'
"""
    )
    assert found.text("globalDeploymentPolicy", "pkiProfileRef") == "pki-1"
    assert found.get("globalDeploymentPolicy", "ttl") == 10
    assert found.get("globalDeploymentPolicy", "matchClusters") is MISSING


@pytest.mark.parametrize(
    "patch",
    [
        "- 3\n",
        "- {patch: ':'}\n",
        "- {target: {kind: StatefulSet}, patch: '{a: 1}'}\n",
        "- {target: 1, patch: '[1]'}\n",
    ],
)
def test_other_patches_change_nothing(patch: str) -> None:
    assert release(patch).patched is None
