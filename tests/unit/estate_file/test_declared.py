"""What an estate file declares: defaults filled in, and what follows from it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from validator.estate_file.declared import ARGOCD, EXTERNAL_SECRETS, FLUX, SEALED_SECRETS, resolve
from validator.estate_file.reading import load, schema
from validator.facts import served

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
Data = dict[str, Any]


@pytest.fixture
def lab() -> Data:
    return load(ROOT / "examples/lab.yaml")


@pytest.fixture
def three() -> Data:
    return resolve(load(ROOT / "examples/three-sites.yaml"))


def by_name(items: list[Data]) -> dict[str, Data]:
    return {item["name"]: item for item in items}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_result_is_json_and_the_same_every_time(path: Path) -> None:
    data = load(path)
    before = copy.deepcopy(data)
    first = json.dumps(resolve(data), allow_nan=False)
    assert first == json.dumps(resolve(json.loads(json.dumps(data))), allow_nan=False)
    assert data == before


def test_every_example_has_every_key() -> None:
    resolved = [resolve(load(path)) for path in EXAMPLES]
    picks: tuple[Callable[[Data], Data], ...] = (
        lambda estate: estate,
        lambda estate: estate["amko"],
        lambda estate: estate["sites"][0],
        lambda estate: estate["sites"][0]["avi"],
        lambda estate: estate["sites"][0]["vcenter"],
        lambda estate: estate["sites"][0]["clusters"][0],
        lambda estate: estate["sites"][0]["clusters"][0]["ako"],
        lambda estate: estate["sites"][0]["clusters"][0]["nodePools"][0],
        lambda estate: estate["apps"][0],
    )
    for pick in picks:
        keys = [set(pick(estate)) for estate in resolved]
        assert keys[0] == keys[1] == keys[2]


def test_resolving_keeps_what_the_file_says(lab: Data) -> None:
    def holds(given: Any, found: Any) -> bool:
        if isinstance(given, dict):
            return all(key in found and holds(item, found[key]) for key, item in given.items())
        if isinstance(given, list) and given and isinstance(given[0], dict):
            return all(map(holds, given, found))
        return bool(given == found)

    assert holds(lab, resolve(lab))


def test_defaults_are_those_of_the_schema(lab: Data) -> None:
    """The schema tells an editor's user what a missing key means; this is what it comes to mean."""
    defs = schema()["$defs"]

    def defaults(node: Data) -> Data:
        return {key: inner["default"] for key, inner in node["properties"].items() if "default" in inner}

    estate = copy.deepcopy(lab)
    del estate["git"]["branch"], estate["versions"]["flux"], estate["secrets"]["sops"]
    cluster = estate["sites"][0]["clusters"][0]
    for key in ("controlPlane", "nodePools"):
        del cluster[key]
    cluster["ako"] = {"vipNetwork": cluster["ako"]["vipNetwork"]}
    cluster["amko"] = True
    estate["sites"][0]["management"] = {"cluster": estate["sites"][0]["management"]["cluster"]}
    del estate["sites"][1]["clusters"][0]["amko"]
    resolved = resolve(estate)
    site, found = resolved["sites"][0], resolved["sites"][0]["clusters"][0]
    top = schema()["properties"]
    stores = top["secrets"]["properties"]
    pool = {**defaults(defs["nodePool"]), "name": "md-0"}
    for expected, actual in (
        (defaults(top["git"]), resolved["git"]),
        (defaults(top["versions"]), resolved["versions"]),
        (defaults(stores["sealedSecrets"]), resolved["secrets"]["sealedSecrets"]),
        (defaults(stores["externalSecrets"]), resolved["secrets"]["externalSecrets"]),
        (defaults(stores["externalSecrets"]["properties"]["store"]), resolved["secrets"]["externalSecrets"]["store"]),
        (defaults(defs["amko"]), resolved["amko"]),
        (defaults(defs["site"]["properties"]["avi"]), site["avi"]),
        ({**defaults(defs["site"]["properties"]["vcenter"]), "insecure": True}, site["vcenter"]),
        (defaults(defs["site"]["properties"]["management"]), site["management"]),
        ({**defaults(defs["cluster"]), "nodePools": [found["nodePools"][0]], "amko": True}, found),
        (defaults(defs["cluster"]), {**resolved["sites"][1]["clusters"][0], "nodePools": [{"name": "md-0"}]}),
        (defaults(defs["controlPlane"]), found["controlPlane"]),
        (pool, found["nodePools"][0]),
        (defaults(defs["ako"]), found["ako"]),
        (defaults(defs["app"]), resolved["apps"][0]),
        (defaults(defs["app"]["properties"]["source"]["properties"]["git"]), {"path": "", "components": []}),
        *((defaults(defs["cluster"]["properties"][key]), found[key]) for key in ("certificateRotation", "podSecurity")),
        (defaults(defs["os"]), found["os"]),
        (defaults(defs["os"]), site["management"]["os"]),
        *(
            (defaults(defs["site"]["properties"]["management"]["properties"][key]), site["management"][key])
            for key in ("controlPlane", "workers", "avi")
        ),
    ):
        assert expected.items() <= actual.items()


def test_default_versions_are_known() -> None:
    for product, text in zip(served.PRODUCTS, (FLUX, ARGOCD, EXTERNAL_SECRETS, SEALED_SECRETS), strict=True):
        assert served.known(product, text)


def test_lab_is_that_of_the_two_sites(lab: Data) -> None:
    estate = resolve(lab)
    assert estate["versions"]["clusterClass"] == "tkg-vsphere-default-v1.0.0"
    assert estate["gslb"]["leaderController"] == "avi-l-01a.nsxbaas.homelab"
    assert estate["amko"]["federation"] == [
        "nsxbaas-tkg-wld-site01-admin@nsxbaas-tkg-wld-site01",
        "nsxbaas-tkg-wld-site02-admin@nsxbaas-tkg-wld-site02",
    ]
    assert [server["host"] for server in estate["gslb"]["nameServers"]] == [
        "g-dns-vs-site01.nsxbaas.homelab",
        "g-dns-vs-site02.nsxbaas.homelab",
    ]
    (app,) = estate["apps"]
    assert (app["subdomain"], app["sites"], app["labels"]) == (
        "avi.nsxbaas.homelab",
        ["site01", "site02"],
        {"app": "gslb"},
    )
    assert app["source"]["git"]["revision"] == "v0.10.5"
    assert app["trafficSplit"] == []
    leaders = [c["isAmkoLeader"] for site in estate["sites"] for c in site["clusters"]]
    assert leaders == [True, False]


def test_old_charts_come_from_a_repository_and_new_ones_from_a_registry(lab: Data, three: Data) -> None:
    old = resolve(lab)["charts"]["ako"]
    assert (old["kind"], old["registry"], old["name"]) == ("http", old["url"], "ako")
    new = three["charts"]["amko"]
    assert new["url"] == "oci://projects.packages.broadcom.com/ako/helm-charts/amko"
    assert new["registry"] == "oci://projects.packages.broadcom.com/ako/helm-charts"
    assert new["repoURL"] == "projects.packages.broadcom.com/ako/helm-charts"


def test_own_chart_source_is_taken_apart() -> None:
    chart = resolve(load(ROOT / "examples/argocd.yaml"))["charts"]["ako"]
    assert chart == {
        "url": "oci://registry.northwind.example/avi/charts/ako",
        "kind": "oci",
        "name": "ako",
        "version": "1.12.3",
        "registry": "oci://registry.northwind.example/avi/charts",
        "repoURL": "registry.northwind.example/avi/charts",
    }


def test_standby_names_every_member_with_weight_and_priority(three: Data) -> None:
    split = by_name(three["apps"])["ledger"]["trafficSplit"]
    assert [(share["cluster"], share["weight"], share["priority"]) for share in split] == [
        ("fra-prod-01", 1, 20),
        ("fra-prod-02", 1, 20),
        ("ams-prod-01", 1, 10),
        ("mad-prod-01", 1, 10),
    ]
    assert [share["context"] for share in split] == [member["context"] for member in three["amko"]["members"]]


def test_apps_are_where_their_mode_says(three: Data) -> None:
    apps = by_name(three["apps"])
    assert apps["shop"]["clusters"] == ["fra-prod-01", "fra-prod-02", "ams-prod-01", "mad-prod-01"]
    assert apps["ledger"]["clusters"] == ["fra-prod-01", "ams-prod-01"]
    assert (apps["telemetry"]["clusters"], apps["telemetry"]["sites"]) == (["mad-prod-01"], ["madrid"])
    assert apps["telemetry"]["subdomain"] == "edge.acme.example"
    clusters = by_name([cluster for site in three["sites"] for cluster in site["clusters"]])
    assert clusters["fra-prod-02"]["apps"] == ["shop", "status"]
    assert clusters["mad-prod-01"]["namespaces"] == ["shop", "status", "telemetry"]
    assert not clusters["fra-prod-02"]["runsAmko"]
    assert clusters["fra-prod-02"]["isMember"]


@pytest.mark.parametrize("source", [{}, {"gti": {}}, {"git": "text"}, {"chart": {}}, {"oci": 7}, "text"])
def test_a_source_that_is_none_is_one_of_the_known_errors(lab: Data, source: Any) -> None:
    lab["apps"][0]["source"] = source
    with pytest.raises((KeyError, TypeError, AttributeError, ValueError)):
        resolve(lab)


def test_cluster_without_ako_is_no_member(lab: Data) -> None:
    lab["sites"][1]["clusters"][0] |= {"ako": {"enabled": False}, "amko": False}
    estate = resolve(lab)
    assert [member["site"] for member in estate["amko"]["members"]] == ["site01"]
    assert estate["apps"][0]["sites"] == ["site01"]
    assert estate["sites"][1]["clusters"][0]["runsAko"] is False


def test_shares_reach_the_policy_with_contexts(three: Data) -> None:
    split = three["amko"]["trafficSplit"]
    assert split[3] == {
        "cluster": "mad-prod-01",
        "weight": 5,
        "priority": 10,
        "context": "mad-prod-01-admin@mad-prod-01",
        "site": "madrid",
    }


def test_context_of_ones_own_is_used_everywhere() -> None:
    estate = resolve(load(ROOT / "examples/argocd.yaml"))
    assert estate["amko"]["federation"] == ["oslo-tkg-admin@oslo-tkg", "bergen"]
    assert [share["context"] for share in by_name(estate["apps"])["billing"]["trafficSplit"]] == [
        "oslo-tkg-admin@oslo-tkg",
        "bergen",
    ]


def test_variables_are_those_of_the_cluster_class(three: Data) -> None:
    cluster = three["sites"][0]["clusters"][0]
    variables = {item["name"]: item["value"] for item in cluster["variables"]}
    assert variables["apiServerEndpoint"] == "10.10.1.11"
    assert variables["worker"] == {"machine": {"numCPUs": 8, "diskGiB": 120, "memoryMiB": 32768}}
    assert variables["vcenter"]["storagePolicyID"] == "tkg-gold"
    assert variables["nodePoolLabels"] == []
    general, edge = cluster["nodePools"]
    assert general["overrides"] == []
    assert edge["overrides"] == [
        {"name": "worker", "value": {"machine": {"numCPUs": 4, "diskGiB": 40, "memoryMiB": 16384}}},
        {"name": "nodePoolLabels", "value": [{"key": "acme.example/role", "value": "edge"}]},
    ]
    assert {item["name"] for pool in cluster["nodePools"] for item in pool["overrides"]} <= set(variables)


def test_optional_variables_appear_when_they_are_given(lab: Data) -> None:
    lab["sites"][0]["clusters"][0] |= {
        "endpointPort": 443,
        "ntpServers": ["10.0.0.1"],
        "nameservers": ["10.0.0.2"],
        "searchDomains": ["example.com"],
        "additionalFqdns": ["api.example.com"],
        "trustedCAs": [{"name": "proxy", "data": "QUJDREVGR0hJSktM"}],
        "proxy": {"httpProxy": "http://p:3128", "httpsProxy": "http://p:3128"},
        "imageRepository": {"host": "registry.example.com"},
    }
    variables = {v["name"]: v["value"] for v in resolve(lab)["sites"][0]["clusters"][0]["variables"]}
    assert variables["apiServerPort"] == 443
    assert variables["controlPlane"]["network"] == {"nameservers": ["10.0.0.2"], "searchDomains": ["example.com"]}
    assert variables["worker"]["network"] == variables["controlPlane"]["network"]
    assert variables["trust"] == {"additionalTrustedCAs": [{"name": "proxy", "data": "QUJDREVGR0hJSktM"}]}
    assert variables["proxy"]["httpProxy"] == "http://p:3128"
    assert variables["imageRepository"] == {"host": "registry.example.com"}
    assert variables["ntpServers"] == ["10.0.0.1"]
    assert variables["additionalFQDN"] == ["api.example.com"]
