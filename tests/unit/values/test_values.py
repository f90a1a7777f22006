"""Values schemas: written from one source, true for each release, and every problem told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.values.__main__ import main
from validator import values as chart_values
from validator.facts import ako, amko
from validator.read.scalars import resolve
from validator.values import checksum, defaults, effective, flag, schema_for, stamp, stamped, validate_values
from validator.values.problems import Problem

ROOT = Path(__file__).resolve().parents[3]
RELEASES = [("ako", release) for release in ako.releases()] + [("amko", release) for release in amko.releases()]
AKO, AMKO = ako.releases(), amko.releases()

each_release = pytest.mark.parametrize(("chart", "release"), RELEASES, ids="-".join)


def _load(chart: str, release: str) -> dict[str, Any]:
    path = schema_for(chart, release)
    assert path is not None
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for key, part in schema.items():
            if key not in ("default", "enum", "const", "x-values", "x-absent"):
                yield from _schemas(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _schemas(part)


def test_the_schemas_are_what_the_source_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_the_check_sees_what_is_stale_and_what_is_not_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path)]
    assert main(out) == 0
    assert main(["--check", *out]) == 0
    (tmp_path / "ako" / "1.9.2.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "amko" / "9.9.9.json").write_text("{}\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["--check", *out]) == 1
    said = capsys.readouterr().out
    assert "ako/1.9.2.json: stale" in said
    assert "amko/9.9.9.json: no such release" in said
    assert main(out) == 0
    assert main(["--check", *out]) == 0


def test_there_is_a_schema_for_every_known_release_and_no_other() -> None:
    for chart, release in RELEASES:
        path = schema_for(chart, release)
        assert path is not None
        assert path.is_file()
    for chart, release in (("ako", "1.9"), ("ako", "9.9.9"), ("ako", "../../estate"), ("moon", "1.9.2"), ("", "")):
        assert schema_for(chart, release) is None
        assert validate_values(chart, release, {"nonsense": True}) == []
        assert defaults(chart, release) is None
        assert effective(chart, release, {}) is None


@each_release
def test_a_schema_is_sound(chart: str, release: str) -> None:
    schema = _load(chart, release)
    jsonschema.Draft202012Validator.check_schema(schema)
    names = set(schema["$defs"])
    for part in _schemas(schema):
        assert not {"x-since", "x-until", "x-changes", "x-any-case"} & set(part)
        assert part.get("$ref", "").removeprefix("#/$defs/") in {"", *names}
        if part.get("type") == "object" and "properties" in part:
            assert part.get("additionalProperties") is False or "required" in part
            assert not set(part.get("x-absent", {})) & set(part["properties"])
        if "default" in part:
            alone = {key: value for key, value in part.items() if key != "default"}
            assert jsonschema_rs.is_valid({**alone, "$defs": schema["$defs"]}, part["default"]), part
    assert schema["title"].endswith(f" {release}")


@each_release
def test_the_chart_s_own_defaults_pass(chart: str, release: str) -> None:
    base = defaults(chart, release)
    assert base is not None
    assert validate_values(chart, release, base) == []
    assert validate_values(chart, release, {}) == []
    assert effective(chart, release, {}) == base


def test_defaults_change_from_release_to_release() -> None:
    assert (effective("amko", "1.13.1", {}) or {})["federation"]["currentClusterIsLeader"] is False
    assert (effective("amko", "1.14.1", {}) or {})["federation"]["currentClusterIsLeader"] is True
    assert (effective("amko", "1.14.1", {}) or {})["federation"]["currentCluster"] == "cluster1-admin"
    assert "amkoUUID" not in (effective("amko", "1.9.1", {}) or {})["configs"]
    assert (effective("ako", "1.9.2", {}) or {})["L7Settings"]["shardVSSize"] == "LARGE"
    assert (effective("ako", "2.1.1", {}) or {})["ako-crd-operator"]["enabled"] is True
    assert "ako-crd-operator" not in (effective("ako", "1.13.4", {}) or {})


def test_effective_values_merge_as_helm_does() -> None:
    given_values = {
        "L7Settings": {"shardVSSize": "SMALL", "serviceType": None},
        "resources": None,
        "extra": {"a": None},
    }
    found = effective("ako", "1.9.2", given_values) or {}
    assert found["L7Settings"]["shardVSSize"] == "SMALL"
    assert found["L7Settings"]["passthroughShardSize"] == "SMALL"
    assert "serviceType" not in found["L7Settings"]
    assert "resources" not in found
    assert found["extra"] == {}
    assert (effective("ako", "1.9.2", {}) or {})["L7Settings"]["serviceType"] == "ClusterIP"


GOOD: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("ako", AKO, {"AKOSettings": {"deleteConfig": False, "enableEVH": "true", "apiServerPort": "8080"}}),
    ("ako", AKO, {"AKOSettings": {"fullSyncFrequency": 0, "cniPlugin": "Antrea", "blockedNamespaceList": None}}),
    ("ako", AKO, {"nodeSelector": {"a": "b"}, "podSecurityContext": {"fsGroup": 1}, "global": {"anything": 1}}),
    ("ako", AKO, {"tolerations": [{"key": "k", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 3}]}),
    ("ako", AKO, {"nodePortSelector": {"key": "worker", "value": True}}),
    ("ako", AKO, {"NetworkSettings": {"vipNetworkList": [{"networkName": "n", "cidr": "10.0.0.0/24"}]}}),
    ("ako", AKO, {"avicredentials": {"username": "admin", "password": None}}),
    ("ako", AKO, {"ControllerSettings": {"controllerHost": "avi.example.com:8443", "controllerVersion": "22.1"}}),
    ("ako", AKO, {"resources": {"limits": {"cpu": 1, "memory": "1Gi"}, "requests": None}}),
    ("ako", AKO[5:], {"NetworkSettings": {"vipNetworkList": [{"networkUUID": "u", "v6cidr": "fd00::/64"}]}}),
    ("ako", AKO[8:], {"image": {"pullSecrets": [{"name": "regcred"}]}, "featureGates": {"GatewayAPI": True}}),
    ("ako", AKO[-3:], {"replicaCount": "1", "ako-crd-operator": {"enabled": False}}),
    ("amko", AMKO, {"federation": {"currentCluster": "a-admin@a", "currentClusterIsLeader": "true"}}),
    ("amko", AMKO, {"configs": {"controllerVersion": "22.1.2", "refreshInterval": "1800"}}),
    ("amko", AMKO, {"globalDeploymentPolicy": {"appSelector": None, "ttl": "10", "poolAlgorithmSettings": {}}}),
    ("amko", AMKO, {"globalDeploymentPolicy": {"appSelector": {"label": {"app": "gslb"}}}}),
    ("amko", AMKO, {"globalDeploymentPolicy": {"trafficSplit": [{"cluster": "c", "weight": 8, "priority": 0}]}}),
    ("amko", AMKO, {"serviceAccount": {"create": False, "name": "x"}, "service": {"type": "NodePort", "port": 8}}),
    ("amko", AMKO, {"affinity": {"nodeAffinity": {}}, "imagePullSecrets": [{"name": "regcred"}]}),
    (
        "amko",
        AMKO,
        {
            "multiClusterIngress": {"enable": True},
            "serviceDiscovery": {"image": {"repository": "r", "pullPolicy": "Always"}},
        },
    ),
    ("amko", AMKO[1:], {"configs": {"amkoUUID": "1b4e28ba-2fa1-41d2-883f-0016d3cca427"}}),
    ("amko", AMKO[1:], {"globalDeploymentPolicy": {"trafficSplit": [{"cluster": "c"}]}}),
    ("amko", AMKO[2:], {"configs": {"tenant": "blue", "amkoUUID": ""}}),
]


@pytest.mark.parametrize(("chart", "releases", "given_values"), GOOD)
def test_good_values_pass(chart: str, releases: tuple[str, ...], given_values: dict[str, Any]) -> None:
    for release in releases:
        assert validate_values(chart, release, given_values) == [], release


with (Path(__file__).parent / "values_bad.yaml").open("rb") as stream:
    BAD: list[dict[str, Any]] = yaml.safe_load(stream)

each_fault = pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case['chart']}-{'.'.join(map(str, case['at']))}")


def _releases(case: dict[str, Any]) -> tuple[str, ...]:
    known = AKO if case["chart"] == "ako" else AMKO
    first, last = known.index(case.get("from", known[0])), known.index(case.get("to", known[-1]))
    return known[first : last + 1]


@each_fault
def test_a_fault_is_told_once(case: dict[str, Any]) -> None:
    meant = case.get("meant")
    for release in _releases(case):
        (found,) = validate_values(case["chart"], release, case["values"])
        assert found.pointer == tuple(case["at"]), release
        assert case.get("keyword") in (None, found.keyword), release
        assert case["says"] in found.message, (release, found.message)
        assert found.suggestion == meant, release
        assert type(found.suggestion) is type(meant), release
        assert found.is_key == (found.keyword == "additionalProperties")
        assert not found.message.endswith(".")
        assert found.message.isprintable()


@pytest.mark.parametrize("case", [case for case in BAD if "meant" in case])
def test_a_suggestion_mends(case: dict[str, Any]) -> None:
    mended = json.loads(json.dumps(case["values"]))
    parent: Any = mended
    *above, last = case["at"]
    for step in above:
        parent = parent[step]
    if case["keyword"] == "additionalProperties":
        parent[case["meant"]] = parent.pop(last)
    else:
        parent[last] = case["meant"]
    assert all(validate_values(case["chart"], release, mended) == [] for release in _releases(case))


@pytest.mark.parametrize(
    "given_values",
    [
        {"avicredentials": {"username": 8675309, "password": 8675309, "authtoken": ["8675309"]}},
        {"avicredentials": "8675309"},
        {"avicredentials": ["8675309"]},
        {"avicredentials": 8675309},
        {"avicredentials": {"passwort": "8675309"}},
        {"avicredential": {"password": "8675309"}},
        {"gslbLeaderCredentials": {"username": 8675309, "password": True, "more": "8675309"}},
    ],
)
def test_a_secret_is_never_shown(given_values: dict[str, Any]) -> None:
    for chart, release in RELEASES:
        for found in validate_values(chart, release, given_values):
            assert "8675309" not in found.message
            assert "8675309" not in str(found.suggestion)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def _keys(schema: Any) -> set[str]:
    return {key for part in _schemas(schema) for key in part.get("properties", {})}


def _shaped(names: set[str]) -> st.SearchStrategy[Any]:
    """Return JSON values whose keys are mostly known ones."""
    words = st.sampled_from(sorted(names)) | st.text(max_size=4)
    leaf = (
        st.none()
        | st.booleans()
        | st.integers(-9, 2**70)
        | st.floats()
        | st.sampled_from(["", "true", "LARGE", "1", "a"])
    )
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
        max_leaves=25,
    )


@given(values=json_values, at=st.sampled_from(RELEASES))
def test_any_json_value_is_judged(values: Any, at: tuple[str, str]) -> None:
    for found in validate_values(*at, values):
        assert isinstance(found, Problem)
        assert found.message.isprintable()


@given(data=st.data(), at=st.sampled_from([("ako", "1.9.2"), ("ako", "2.1.1"), ("amko", "1.9.1"), ("amko", "2.1.1")]))
def test_both_libraries_agree_and_every_fault_is_told(data: st.DataObject, at: tuple[str, str]) -> None:
    schema = _load(*at)
    values = data.draw(_shaped(_keys(schema)))
    found = validate_values(*at, values)
    values = json.loads(json.dumps(values), parse_constant=lambda _: None)
    assert (found == []) == jsonschema.Draft202012Validator(schema).is_valid(values)
    places = [(problem.pointer, problem.is_key) for problem in found]
    assert len(places) == len(set(places))
    for problem in found:
        held: Any = values
        for step in problem.pointer:
            held = held[step]


@pytest.mark.parametrize("values", [{1: 2}, {"AKOSettings": {None: 1}}, {"tolerations": {"a"}}, {"x": b"y"}])
def test_what_json_cannot_hold_is_told(values: Any) -> None:
    (found,) = validate_values("ako", "1.9.2", values)
    assert found.pointer == ()


def test_a_deep_value_is_judged() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"AKOSettings": deep}
    assert validate_values("ako", "1.9.2", deep)


plain_pattern = _load("amko", "2.1.1")["$defs"]["plain"]


@given(st.from_regex(plain_pattern["pattern"], fullmatch=True) | st.text(max_size=8))
def test_plain_text_is_the_same_text_without_quotes(text: str) -> None:
    if not jsonschema_rs.is_valid(plain_pattern, text):
        return
    assert resolve(text) == text
    if text.isascii():
        event = list(yaml.parse(f"key: {text}\n"))[4]
        assert isinstance(event, yaml.ScalarEvent)
        assert event.value == text
        assert event.implicit[0]


@pytest.mark.parametrize(
    "text", ["1", "1.5", ".5", "1e3", "0x1f", "1_0", "true", "No", "y", "~", "null", "a: b", "a #b"]
)
def test_text_that_needs_quotes_is_refused(text: str) -> None:
    assert not jsonschema_rs.is_valid(plain_pattern, text)


def test_flags() -> None:
    assert [flag(value) for value in (True, "true", False, "false", "True", 1, None)] == [
        True,
        True,
        False,
        False,
        None,
        None,
        None,
    ]


def test_the_checksum_does_not_count_itself() -> None:
    values = {"b": {"y": 1, "x": "é"}, "a": [1, 2]}
    marked = stamped(values)
    assert checksum(values) == checksum({"a": [1, 2], "b": {"x": "é", "y": 1}}) == checksum(marked) == stamp(marked)
    assert stamped(marked) == marked
    assert checksum({**values, "a": [2, 1]}) != checksum(values)
    other = {"key": "k", "operator": "Exists"}
    assert checksum(stamped({**values, "tolerations": [other]})) == checksum({**values, "tolerations": [other]})
    assert checksum(stamped({**values, "tolerations": []})) == stamp(stamped({**values, "tolerations": []}))
    assert stamp(values) is None
    assert stamp({"tolerations": "x"}) is None
    assert validate_values("ako", "1.9.2", stamped({})) == []
    assert chart_values.checksum is checksum
