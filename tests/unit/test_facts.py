"""The fact tables are whole, and questions to them are answered only as far as they go."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator import facts
from validator.facts import ako, amko, avi, gdp, served, tkg, version

FOLDER = Path(facts.__file__).parent
VERSION = re.compile(r"\d+(\.\d+)*")


def _entries(value: Any, key: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    if isinstance(value, dict):
        found.append((key, value))
        for name, part in value.items():
            found += _entries(part, name)
    return found


def test_every_table_is_named() -> None:
    reasons = {"unchecked"}  # why a fact has no rule: a list for people, not a table
    assert sorted({path.stem for path in FOLDER.glob("*.json")} - reasons) == sorted(facts.TABLES)
    with pytest.raises(KeyError, match="no fact table `moon`"):
        facts.table("moon")


@pytest.mark.parametrize("name", facts.TABLES)
def test_every_feature_has_a_source_and_a_known_first_release(name: str) -> None:
    for key, entry in _entries(facts.table(name)):
        if key in ("features", "capiFeatures"):
            for feature, fact in entry.items():
                assert fact["source"], feature
                assert VERSION.fullmatch(fact["from"]), feature
    for entry in (facts.table(name), *(facts.table("secrets").values() if name == "secrets" else ())):
        assert "source" in entry or name == "secrets"


@pytest.mark.parametrize("name", facts.TABLES)
def test_every_feature_is_asked_for(name: str) -> None:
    code = "\n".join(path.read_text() for path in FOLDER.parent.rglob("*.py"))
    features = [feature for key, entry in _entries(facts.table(name)) if key.endswith("eatures") for feature in entry]
    assert [feature for feature in features if f'"{feature}"' not in code] == []


@pytest.mark.parametrize("name", ["ako", "amko"])
def test_releases_stand_in_order_and_features_begin_with_one(name: str) -> None:
    table = facts.table(name)
    releases = list(table["releases"])
    assert releases == sorted(releases, key=lambda text: version.parse(text) or ())
    assert {fact["from"] for fact in table["features"].values()} <= set(releases)
    assert {entry["from"] for entry in table["chart"]["sources"]} <= set(releases)


def test_the_products_know_their_minors() -> None:
    for product in served.PRODUCTS:
        minors = served.minors(product)
        assert list(minors) == sorted(minors, key=lambda text: version.parse(text) or ())
        assert version.minor(served.newest(product)) == minors[-1]
        for kinds in served.facts(product)["served"].values():
            for spans in kinds.values():
                for first, last in spans.values():
                    assert first in minors
                    assert last is None or last in minors
        for fact in served.facts(product).get("features", {}).values():
            assert fact["from"] in minors


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("1.9.2", (1, 9, 2)),
        ("v1.24.9+vmware.1-tkg.1", (1, 24, 9)),
        ("v1.26.5---vmware.2-fips.1-tkg.1", (1, 26, 5)),
        ("22.1.2-2p3", (22, 1, 2)),
        ("2.1", (2, 1)),
        (" 1.9.2 ", (1, 9, 2)),
        ("1.x", None),
        (">=1.9.0", None),
        ("~1.9", None),
        ("^1.9.0", None),
        ("1.9.*", None),
        ("1.9.2.", None),
        ("latest", None),
        ("", None),
        (1.9, None),
        (None, None),
    ],
)
def test_versions_are_read(text: object, parsed: version.Version | None) -> None:
    assert version.parse(text) == parsed


@given(st.text())
def test_any_text_is_a_version_or_not(text: str) -> None:
    parsed = version.parse(text)
    assert parsed is None or all(part >= 0 for part in parsed)
    assert version.compare(text, text) == (None if parsed is None else 0)
    version.minor(text)
    version.within(text, "1.22", "1.25")
    version.exact(ako.releases(), text)
    version.nearest(ako.releases(), text)
    ako.find(text)
    amko.chart_source(text)
    tkg.find(text)
    served.is_served("helm.toolkit.fluxcd.io", "HelmRelease", text, text)


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [("1.9.2", "1.10.1", -1), ("v2.2", "2.2.0", 0), ("30.2.1", "30.1.9", 1), ("x", "1.0", None)],
)
def test_versions_are_compared_as_numbers(left: str, right: str, order: int | None) -> None:
    assert version.compare(left, right) == order


@pytest.mark.parametrize(
    ("text", "inside"),
    [("v1.22.0", True), ("1.25", True), ("v1.25.99+x", True), ("1.26.0", False), ("1.21.14", False), ("1", None)],
)
def test_a_range_counts_to_its_own_precision(text: str, inside: bool | None) -> None:
    assert version.within(text, "1.22", "1.25") is inside


def test_the_release_before_and_after() -> None:
    known = ("1.9.1", "1.9.3", "1.10.1")
    assert version.at_or_before(known, "1.9.2") == "1.9.1"
    assert version.at_or_after(known, "1.9.2") == "1.9.3"
    assert version.at_or_before(known, "1.8.9") is None
    assert version.nearest(known, "1.10.0") == "1.10.1"
    assert version.nearest(known, "1.9.9") == "1.9.3"
    assert version.nearest(known, "3.0.0") == "1.10.1"
    assert version.exact(known, "1.9") == "1.9.3"
    assert version.exact(known, "v1.9.1") == "1.9.1"
    assert version.exact(known, "1.9.2") is None


def test_ako_says_what_it_runs_on() -> None:
    found = ako.find("1.9.2")
    assert found is not None
    assert found.kubernetes_enforced.holds("v1.24.9+vmware.1")
    assert not found.kubernetes_enforced.holds("v1.26.5+vmware.2")
    assert found.avi_enforced.holds("22.1.2")
    assert not found.avi_enforced.holds("22.1.4")
    assert "1.9.2" in ako.supporting("v1.24.9", "22.1.2")
    assert "2.1.1" not in ako.supporting("v1.24.9")
    assert ako.find("1.9.9") is None
    assert not ako.known("1.9")


@pytest.mark.parametrize(
    ("chart", "text", "url"),
    [
        (ako, "1.9.2", "https://projects.registry.vmware.com/chartrepo/ako"),
        (ako, "1.10.2", "https://projects.registry.vmware.com/chartrepo/ako"),
        (ako, "1.10.3", "oci://projects.registry.vmware.com/ako/helm-charts"),
        (ako, "1.12.1", "oci://projects.registry.vmware.com/ako/helm-charts"),
        (ako, "1.12.2", "oci://projects.packages.broadcom.com/ako/helm-charts"),
        (ako, "2.2.1", "oci://projects.packages.broadcom.com/ako/helm-charts"),
        (amko, "1.10.1", "https://projects.registry.vmware.com/chartrepo/ako"),
        (amko, "1.14.1", "oci://projects.registry.vmware.com/ako/helm-charts"),
        (amko, "2.1.1", "oci://projects.packages.broadcom.com/ako/helm-charts"),
    ],
)
def test_charts_moved(chart: Any, text: str, url: str) -> None:
    source = chart.chart_source(text)
    assert source.registry == url
    assert source in chart.every_chart_source()
    assert (source.gone is not None) == (source.kind == "http")
    assert chart.chart_source("1.9.99") is None


def test_a_feature_is_unknown_outside_the_known_releases() -> None:
    assert ako.has("1.11.5", "optionalCredentials") is False
    assert ako.has("1.12.1", "optionalCredentials") is True
    assert ako.has("1.12.9", "optionalCredentials") is True, "an unknown patch release between two that agree"
    assert ako.has("1.11.9", "optionalCredentials") is None, "an unknown patch release between two that do not"
    assert ako.has("3.0.0", "optionalCredentials") is None
    assert ako.has("1.x", "optionalCredentials") is None
    assert served.has("flux", "2.9.4", "literalValuesFrom") is True
    assert served.has("flux", "2.8", "literalValuesFrom") is False
    assert served.has("flux", "9.1", "literalValuesFrom") is None
    assert amko.has("1.9.1", "amkoUuid") is False


def test_amko_pairs_with_ako_by_minor() -> None:
    assert amko.pairs("1.9.1", "1.9.3")
    assert not amko.pairs("1.9.1", "1.10.1")
    assert amko.pairs("1.9.1", "latest") is None
    assert amko.for_ako("1.13.4") == "1.13.1"
    for name in amko.releases():
        found = amko.find(name)
        assert found is not None
        assert ako.known(found.ako)


@pytest.mark.parametrize(
    ("group", "kind", "api_version", "text", "answer"),
    [
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v2beta2", "2.8.0", False),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v2beta2", "v2.7.5", True),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v2", "2.2.0", False),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v3", "2.9.0", False),
        ("source.toolkit.fluxcd.io", "OCIRepository", "v1", "2.5.0", False),
        ("source.toolkit.fluxcd.io", "OCIRepository", "v1", "2.6.0", True),
        ("notification.toolkit.fluxcd.io", "Alert", "v1beta2", "2.8.0", True),
        ("notification.toolkit.fluxcd.io", "Alert", "v1beta2", "2.9.0", False),
        ("external-secrets.io", "ExternalSecret", "v1beta1", "0.16.2", True),
        ("external-secrets.io", "ExternalSecret", "v1beta1", "0.17.0", False),
        ("external-secrets.io", "ExternalSecret", "v1", "0.15.1", False),
        ("bitnami.com", "SealedSecret", "v1alpha1", "0.36.0", True),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v2", "2.99.0", None),
        ("helm.toolkit.fluxcd.io", "Moon", "v2", "2.9.0", None),
        ("example.com", "HelmRelease", "v2", "2.9.0", None),
    ],
)
def test_what_is_served(group: str, kind: str, api_version: str, text: str, answer: bool | None) -> None:
    assert served.is_served(group, kind, api_version, text) is answer


def test_tkg_has_one_class_name_for_several_schemas() -> None:
    assert tkg.releases_of_class("tkg-vsphere-default-v1.0.0") == ("2.1.0", "2.1.1", "2.2.0")
    found = tkg.find("2.1")
    assert found is not None
    assert found.version == "2.1.1"
    assert tkg.is_supervisor_class("builtin-generic-v3.9.0")
    assert not tkg.capi_has("1.2.8", "machineDeploymentStrategy")
    assert not tkg.capi_has("unknown", "machineDeploymentStrategy")
    assert "avi-system" in tkg.classless_namespaces()
    assert tkg.admin_context("a") == "a-admin@a"


def test_words_and_clouds() -> None:
    assert set(gdp.FALLBACK_ALGORITHMS) < set(gdp.ALGORITHMS)
    assert gdp.FALLBACK_IP in gdp.DOWN_RESPONSES
    for clouds in (avi.MANY_VIP_NETWORKS, avi.NODE_NETWORKS, avi.TIER1_ROUTER, avi.VRF, avi.PUBLIC):
        assert clouds <= set(avi.CLOUD_TYPES)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = (
        "import validator.values, validator.facts.served, validator.facts.tkg, sys, json;"
        "from validator import facts;"
        "print(json.dumps([facts.table.cache_info().currsize, 'jsonschema_rs' in sys.modules, 'yaml' in sys.modules]))"
    )
    root = FOLDER.parents[1]
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert json.loads(out.stdout) == [0, False, False]
