"""Estates that are allowed but unusual: rendered, read alike by every reader, and without findings."""

import re
from pathlib import Path

import pytest
import yaml

from tests.template.conftest import BACKENDS, ENGINES, text_of, write
from tests.template.conftest import files_of as rendered
from tests.template.test_management_cluster import by_tkg, in_full
from validator import runner
from validator.estate_file.reading import problems_in
from validator.lifecycle.questions import chosen
from validator.options import Options
from validator.read.exact import load_all

SCALARS = [
    ("nsxbaas-lab", "2026-01-01"),
    ("nsxbaas-tkg-wld-site01", "010"),
    ("nsxbaas-tkg-wld-site02", "null"),
    ("site01", "on"),
    ("site02", "1e3"),
    ("onlineshop", "123"),
    ("regcred", "yes"),
    ("frontend", "y"),
]


def names_like_other_values() -> str:
    """Return the lab under names that YAML readers take for numbers, dates and booleans."""
    text = text_of("lab")
    for name, other in SCALARS:
        text = re.sub(rf"(?<=[:\[] ){name}(?= *(?:[,}}\]#]|$))", f'"{other}"', text, flags=re.MULTILINE)
    return text.replace("{app: gslb}", '{"true": "1e3"}')


def one_cluster() -> str:
    """Return the lab's first site alone, without apps."""
    text = text_of("lab")
    return text[: text.index("  - name: site02")]


def amko_beside_no_ako() -> str:
    """Return an estate with a cluster that runs AMKO and nothing for it to publish."""
    text = text_of("lab")
    before, behind = text.rsplit("          serviceEngineGroup: Default-Group", 1)
    return f"{before}          enabled: false\n          serviceEngineGroup: Default-Group{behind}"


def no_member() -> str:
    """Return an estate with a cluster that has AKO but is no GSLB member."""
    before, behind = text_of("lab").rsplit("        amko: true", 1)
    return f"{before}        member: false{behind}"


def standby() -> str:
    """Return an estate whose app has a primary site."""
    return text_of("lab").replace("mode: active-active", "mode: active-standby\n    primary: site02")


def store_per_namespace() -> str:
    return text_of("three-sites").replace("store: {kind: ClusterSecretStore,", "store: {kind: SecretStore,")


def controllers_of_all_kinds() -> str:
    """Return the lab with nodes, locations, an address of version 6, an overlay and Avi's own account for GSLB."""
    text = text_of("lab").replace("gslb:\n", "gslb:\n  automation: ansible\n  username: admin\n", 1)
    text = text.replace("address: 192.168.60.53", 'address: "2001:db8:60::53"')
    text = text.replace(
        "cidr: 192.168.60.0/24}\n        serviceEngines", 'cidr: "2001:db8:60::/64"}\n        serviceEngines'
    )
    text = text.replace(
        "{name: nsxbaas-vcenter-site02, type: vcenter}", "{name: nsxbaas-nsx-site02, type: nsxt-overlay}"
    )
    first, second = text.split("  - name: site02")
    second = second.replace("ako:\n", "ako:\n          nsxtT1LR: /infra/tier-1s/avi\n", 1)
    member = (
        "      gslb:\n        addresses: [192.168.70.11, node-b.nsxbaas.homelab, 192.168.70.13]\n        port: 8443\n"
    )
    place = "        ratio: 5\n        location: {latitude: 47, longitude: -0.5}\n"
    second = second.replace("      dns:\n", f"{member}{place}      dns:\n", 1)
    return f"{first}  - name: site02{second}"


def ako_by_tkg() -> str:
    """Return an estate in which TKG installs AKO, in one cluster of which nothing comes by a chart."""
    before, behind = by_tkg(text_of("lab")).rsplit("        amko: true\n", 1)
    return before + behind


def ako_by_tkg_in_one_site() -> str:
    before, behind = text_of("lab").rsplit("    clusters:\n", 1)
    return f"{before}    akoManagedBy: tkg\n    clusters:\n{behind}"


UNUSUAL = (
    controllers_of_all_kinds,
    names_like_other_values,
    one_cluster,
    amko_beside_no_ako,
    no_member,
    standby,
    store_per_namespace,
    in_full,
    ako_by_tkg,
    ako_by_tkg_in_one_site,
)


@pytest.mark.slow
@pytest.mark.parametrize("make", UNUSUAL, ids=lambda make: make.__name__)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_renders_without_findings(make: object, engine: str, backend: str, tmp_path: Path) -> None:
    assert callable(make)
    text = chosen(make(), {"engine": engine, "secrets": backend})
    assert [str(problem) for problem in problems_in(text.encode(), "estate.yaml")] == []
    files = rendered(text)
    for path, content in files.items():
        if path.endswith(".yaml"):
            exact = [tree.value for tree in load_all(content.encode(), path) if tree.value is not None]
            assert exact == [value for value in yaml.safe_load_all(content) if value is not None], path
    report = runner.run(write(files, tmp_path / "estate"), Options(kubeconform="off"))
    assert report.findings == ()
