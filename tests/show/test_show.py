"""`estate show`: tables, JSON and a Mermaid picture of a repository or an estate file."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.command import estate
from validator.cli import group

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


def show(*arguments: object) -> Result:
    return CliRunner().invoke(group, ["show", *map(str, arguments)], standalone_mode=False)


def data(source: Path) -> Any:
    result = show(source, "--format", "json")
    assert result.exception is None
    return json.loads(result.output)


def copy(name: str, folder: Path) -> Path:
    shutil.copytree(GOLDEN / name, folder / name)
    return folder / name


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item.get("name") or item["host"]: item for item in items}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_repository_looks_like_its_estate_file(example: Path) -> None:
    asked, made = data(example), data(GOLDEN / example.stem)
    for found in (asked, made):
        found["sites"] = by_name(found["sites"])
        for site in found["sites"].values():
            site["clusters"] = by_name(site["clusters"])
        found["names"] = by_name(found["names"])
        for name in found["names"].values():
            name["clusters"].sort()
        found["gslb"]["nameServers"].sort(key=str)
    assert made == asked


def test_an_ako_that_tkg_installs_is_told(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    text = (ROOT / "examples" / "lab.yaml").read_text()
    first, second = text.split("    clusters:\n", 1)
    file.write_text(f"{first}    akoManagedBy: tkg\n    clusters:\n{second}")
    made = tmp_path / "made"
    result = CliRunner().invoke(group, ["new", str(file), "-o", str(made)], standalone_mode=False)
    assert result.return_value == 0, result.output
    for source in (file, made):
        assert [c["ako"] for site in data(source)["sites"] for c in site["clusters"]] == ["by TKG", "1.9.2"]


def test_the_lab_as_tables() -> None:
    lines = show(GOLDEN / "lab").output.splitlines()
    assert lines[:3] == [
        "nsxbaas-lab: 2 sites, synced by flux",
        "GSLB leader: avi-l-01a.nsxbaas.homelab",
        "AMKO leader: nsxbaas-tkg-wld-site01",
    ]
    row = next(line.split() for line in lines if "nsxbaas-tkg-wld-site02-admin@" in line)
    assert row == [
        "site02",
        "nsxbaas-tkg-wld-site02",
        "nsxbaas-tkg-wld-site02-admin@nsxbaas-tkg-wld-site02",
        "follower",
        "1.9.2",
        "1.9.1",
        "v1.24.9+vmware.1",
        "192.168.70.40:6443",
    ]
    assert any(line.startswith("onlineshop.avi.nsxbaas.homelab  active-active") for line in lines)


def test_manifests_win_over_the_estate_file(tmp_path: Path) -> None:
    lab = copy("lab", tmp_path)
    for release in lab.glob("sites/site02/clusters/*/amko/release.yaml"):
        replace(release, "currentClusterIsLeader: false", "currentClusterIsLeader: true")
    assert data(lab)["amko"]["leaders"] == ["nsxbaas-tkg-wld-site01", "nsxbaas-tkg-wld-site02"]


def test_without_an_estate_file_the_manifests_are_enough(tmp_path: Path) -> None:
    lab = copy("lab", tmp_path)
    (lab / "estate.yaml").unlink()
    found = data(lab)
    assert found["name"] is None
    assert found["gslb"]["leaderController"] == "avi-l-01a.nsxbaas.homelab"
    assert found["amko"]["leaders"] == ["nsxbaas-tkg-wld-site01"]
    assert [site["controller"] for site in found["sites"]] == ["avi-l-01a.nsxbaas.homelab", "avi-l-01b.nsxbaas.homelab"]
    assert [cluster["role"] for site in found["sites"] for cluster in site["clusters"]] == ["leader", "follower"]
    assert found["names"] == [
        {
            "host": "onlineshop.avi.nsxbaas.homelab",
            "clusters": ["nsxbaas-tkg-wld-site01", "nsxbaas-tkg-wld-site02"],
            "app": None,
            "mode": None,
            "primary": None,
        }
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_node_of_the_picture_is_declared_once_and_every_edge_joins_nodes(example: Path) -> None:
    picture = show(example, "--format", "mermaid").output
    assert picture.startswith("flowchart TB\n")
    nodes = re.findall(r'^\s+(?:subgraph )?(\w+)(?:\[|\(\[)"', picture, re.MULTILINE)
    assert len(nodes) == len(set(nodes))
    edges = re.findall(r"^\s+(\w+) (?:-->|-\.->|-- \w+ -->|== \w+ ==>) (\w+)$", picture, re.MULTILINE)
    assert edges
    assert {end for edge in edges for end in edge} <= set(nodes)
    opened, closed = picture.count("subgraph "), len(re.findall(r"^  end$", picture, re.MULTILINE))
    assert opened == closed == len(data(example)["sites"])
    told = {line.split('"')[1].split("<br/>")[0] for line in picture.splitlines() if '"' in line}
    assert {cluster["name"] for site in data(example)["sites"] for cluster in site["clusters"]} <= told


def test_text_of_the_repository_stays_text(tmp_path: Path) -> None:
    lab = copy("lab", tmp_path)
    (lab / "estate.yaml").unlink()
    for release in lab.glob("sites/site01/clusters/*/ako/release.yaml"):
        replace(release, "controllerHost: avi-l-01a.nsxbaas.homelab", r'controllerHost: "a\e[31m\"]<b>;x"')
    picture, table = show(lab, "--format", "mermaid").output, show(lab).output
    assert "\x1b" not in picture + table
    assert "<b>" not in picture
    assert "a [31m#quot;]#lt;b#gt;;x" in picture


@pytest.mark.parametrize("format", ["table", "json", "mermaid"])
def test_the_same_bytes_every_time(format: str) -> None:
    once, again = (show(GOLDEN / "three-sites", "--format", format).output for _ in range(2))
    assert once == again


def test_a_folder_without_an_estate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    result = show(tmp_path)
    assert "holds no release of AKO or AMKO" in str(result.exception)


def test_a_bad_estate_file_is_told_with_all_its_problems(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text((ROOT / "examples" / "lab.yaml").read_text().replace("engine: flux", "engine: fleet"))
    result = estate("show", file)
    assert result.code == 2
    assert result.err.startswith(f"{file}:6:9: ")
