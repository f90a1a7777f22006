"""Variables of Flux: what is known is put in, what is not is unknown, whatever it looks like."""

from __future__ import annotations

from typing import Any

import pytest

from validator.model import Release
from validator.read.estate import read_files
from validator.read.files import SourceFile
from validator.read.unknown import Unknown, holds_unknown, written

SYNC = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: one, namespace: flux-system}
spec:
  path: ./ako
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild:
    substitute: {site: a, one: "1", list: "[x, z]", quote: '"', flag: "true"}
    FROM
"""
RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ako, namespace: avi-system}
spec:
  chart: {spec: {chart: ako, version: 1.13.4}}
  values: {given: 'TEXT'}
"""


def release(text: str, source: str = "") -> Release:
    files = {"one.yaml": SYNC.replace("FROM", source), "ako/ako.yaml": RELEASE.replace("TEXT", text)}
    estate = read_files([SourceFile(name, content.encode()) for name, content in files.items()], "")
    return estate.clusters[0].ako[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${site}", "a"),
        ("${site}-b", "a-b"),
        ("${one}", 1),
        ("${flag}", True),
        ("${list}", ["x", "z"]),
        ("${quote}${one}${quote}", "1"),
        ("${none:=b}", "b"),
        ("${none:-}", None),
        ("${none}", None),
        ("$${site}", "${site}"),
    ],
)
def test_known_variables(text: str, value: Any) -> None:
    assert release(text).get("given") == value


@pytest.mark.parametrize("text", ["${other}", "a-${other}", "${other:=b}", "${site^^}"])
def test_what_another_source_may_hold_is_unknown(text: str) -> None:
    found = release(text, "substituteFrom: [{kind: ConfigMap, name: not-here}]")
    assert found.get("given") == Unknown(text)
    assert found.manifest.uncertain or "^" in text


def test_what_nothing_here_applies_is_unknown_too() -> None:
    estate = read_files([SourceFile("ako/ako.yaml", RELEASE.replace("TEXT", "{{ site }} ${site}").encode())], "")
    assert estate.clusters[0].ako[0].get("given") == Unknown("{{ site }} ${site}")


def test_unknown_values_are_written_as_they_stand() -> None:
    value = {"a": [Unknown("${x}"), 1], "b": "c"}
    assert holds_unknown(value) and not holds_unknown(written(value))
    assert written(value) == {"a": ["${x}", 1], "b": "c"}
