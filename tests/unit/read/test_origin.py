"""Which of the repositories that syncs name is the one that is read."""

from __future__ import annotations

import pytest

from validator.read.estate import read_files
from validator.read.files import SourceFile
from validator.read.origin import normal

SYNC = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: "ssh://git@git.example.com/ops/fleet.git"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {path: ./clusters/one, sourceRef: {kind: GitRepository, name: flux-system}}
"""
TEAM = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: team, namespace: team}
spec: {url: "URL"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: team, namespace: team}
spec: {path: PATH, sourceRef: {kind: GitRepository, name: team}}
"""
OBJECT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: a}}"


def applied(path: str, url: str) -> list[str]:
    """Return the ConfigMaps that reach the cluster."""
    team = TEAM.replace("URL", url).replace("PATH", path)
    texts = {"clusters/one/sync.yaml": SYNC, "clusters/one/team.yaml": team, "deploy/a.yaml": OBJECT}
    estate = read_files([SourceFile(name, text.encode()) for name, text in texts.items()], "")
    return [item.document.path for cluster in estate.clusters for item in cluster.of("ConfigMap")]


@pytest.mark.parametrize("path", ["./deploy", "./", "deploy"])
def test_a_folder_of_another_repository_is_not_ours(path: str) -> None:
    assert applied(path, "https://git.example.com/team/shop") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/ops/fleet",
        "git@git.example.com:ops/fleet.git",
        "https://mirror.example.org/ops/fleet.git",
        "https://git.example.com/ops/fleets",
    ],
)
def test_this_repository_by_another_address_or_with_a_slip_is_ours(url: str) -> None:
    assert applied("./deploy", url) == ["deploy/a.yaml"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://Git.example.com/Ops/Fleet.git/", "ops/fleet"),
        ("ssh://git@git.example.com:7999/ops/fleet.git", "ops/fleet"),
        ("git@git.example.com:ops/fleet", "ops/fleet"),
        ("oci://registry.example.com/fleet", "fleet"),
        ("", None),
        (7, None),
    ],
)
def test_addresses_are_compared_by_their_paths(url: object, path: str | None) -> None:
    assert normal(url) == path
