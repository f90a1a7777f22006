"""The configuration file of a management cluster: complete, without secrets, read by the Tanzu CLI alone; AKO by TKG."""

import json
import re

import pytest
import yaml

from tests.template.conftest import ENGINES, EXAMPLES, Files, files_of, text_of
from validator.facts import tanzu

PATH = re.compile(r"sites/([^/]+)/tanzu/management-cluster\.yaml")
FULL = """\
      cluster: nsxbaas-tkg-mgmt-site01
      plan: prod
      controlPlane: {cpus: 4, memoryMiB: 16384, diskGiB: 60}
      workers: {replicas: 5, cpus: 8, memoryMiB: 32768, diskGiB: 80}
      pods: [10.96.0.0/12]
      services: [10.112.0.0/16]
      os: {name: ubuntu, version: "20.04"}
      network: /Site01/network/tkg-management
      identity: ldap
      proxy: {httpProxy: "http://proxy.example.com:3128", httpsProxy: "http://proxy.example.com:3128", noProxy: [.lab]}
      imageRepository: {host: registry.example.com/tkg, tlsCertificateValidation: false}
      avi:
        username: tkg
        serviceEngineGroup: tkg
        managementServiceEngineGroup: tkg-management
        dataNetwork: {name: vips, cidr: 192.168.80.0/24}
        controlPlaneNetwork: {name: api, cidr: 192.168.81.0/24}
        managementNetwork: {name: management, cidr: 192.168.82.0/24}
        labels: {ako: tkg, tier: gold}
        caData: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
"""


def in_full() -> str:
    """Return the lab with everything that can be said of a management cluster."""
    text = text_of("lab")
    start = text.index("      cluster: nsxbaas-tkg-mgmt-site01\n")
    return text[:start] + FULL + text[text.index("    clusters:\n", start) :]


def by_tkg(text: str) -> str:
    """Return an estate in which TKG installs AKO."""
    return text.replace("    clusters:\n", "    akoManagedBy: tkg\n    clusters:\n")


def configuration(files: Files, site: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(files[f"sites/{site}/tanzu/management-cluster.yaml"])
    return found


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_site_has_one_that_nothing_pulls(example: str, engine: str) -> None:
    files = files_of(text_of(example, engine))
    sites = yaml.safe_load(files["estate.yaml"])["sites"]
    assert {match[1] for path in files if (match := PATH.fullmatch(path))} == {site["name"] for site in sites}
    for path, text in files.items():
        assert (
            "/tanzu" not in text or not path.endswith((".yaml", ".yml")) or path.startswith(".") or PATH.fullmatch(path)
        )


@pytest.mark.parametrize("example", EXAMPLES)
def test_holds_what_the_cli_needs_or_says_that_the_environment_gives_it(example: str) -> None:
    files = files_of(text_of(example))
    for path, text in files.items():
        if PATH.fullmatch(path) is None:
            continue
        given = yaml.safe_load(text)
        exported = set(re.findall(r"^#   export ([A-Z0-9_]+)=\.\.\.", text, re.MULTILINE))
        needed = {name for group in ("vsphere", "avi", "environment") for name in tanzu.required(group)}
        assert needed <= set(given) | exported
        assert not exported & set(given)
        assert not tanzu.secrets() & set(given)
        assert set(given) <= tanzu.names()
        assert all(isinstance(value, str | int) and value != "" for value in given.values()), "the CLI reads text"


def test_labels_are_text_as_the_cli_reads_a_mapping_as_nothing() -> None:
    given = configuration(files_of(text_of("lab")), "site01")
    assert given["AVI_LABELS"] == '{"tkg-ako": "managed"}'


def test_everything_declared_is_in_the_file() -> None:
    given = configuration(files_of(in_full()), "site01")
    expected = {
        "CLUSTER_NAME": "nsxbaas-tkg-mgmt-site01",
        "CLUSTER_PLAN": "prod",
        "WORKER_MACHINE_COUNT": 5,
        "CLUSTER_CIDR": "10.96.0.0/12",
        "SERVICE_CIDR": "10.112.0.0/16",
        "IDENTITY_MANAGEMENT_TYPE": "ldap",
        "OS_NAME": "ubuntu",
        "OS_VERSION": "20.04",
        "VSPHERE_NETWORK": "/Site01/network/tkg-management",
        "VSPHERE_CONTROL_PLANE_NUM_CPUS": 4,
        "VSPHERE_CONTROL_PLANE_MEM_MIB": 16384,
        "VSPHERE_CONTROL_PLANE_DISK_GIB": 60,
        "VSPHERE_WORKER_NUM_CPUS": 8,
        "VSPHERE_WORKER_MEM_MIB": 32768,
        "VSPHERE_WORKER_DISK_GIB": 80,
        "AVI_USERNAME": "tkg",
        "AVI_SERVICE_ENGINE_GROUP": "tkg",
        "AVI_MANAGEMENT_CLUSTER_SERVICE_ENGINE_GROUP": "tkg-management",
        "AVI_DATA_NETWORK": "vips",
        "AVI_DATA_NETWORK_CIDR": "192.168.80.0/24",
        "AVI_CONTROL_PLANE_NETWORK": "api",
        "AVI_CONTROL_PLANE_NETWORK_CIDR": "192.168.81.0/24",
        "AVI_MANAGEMENT_CLUSTER_VIP_NETWORK_NAME": "management",
        "AVI_MANAGEMENT_CLUSTER_VIP_NETWORK_CIDR": "192.168.82.0/24",
        "AVI_CA_DATA_B64": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
        "TKG_HTTP_PROXY": "http://proxy.example.com:3128",
        "TKG_HTTPS_PROXY": "http://proxy.example.com:3128",
        "TKG_NO_PROXY": ".lab",
        "TKG_CUSTOM_IMAGE_REPOSITORY": "registry.example.com/tkg",
        "TKG_CUSTOM_IMAGE_REPOSITORY_SKIP_TLS_VERIFY": "true",
    }
    assert expected.items() <= given.items()
    assert json.loads(str(given["AVI_LABELS"])) == {"ako": "tkg", "tier": "gold"}
    assert "VSPHERE_CONTROL_PLANE_ENDPOINT" not in given


def test_two_families_are_named() -> None:
    text = in_full().replace("[10.96.0.0/12]", "[10.96.0.0/12, fd00:1::/48]")
    text = text.replace("[10.112.0.0/16]", "[10.112.0.0/16, fd00:2::/108]")
    given = configuration(files_of(text), "site01")
    assert given["TKG_IP_FAMILY"] == "ipv4,ipv6"
    assert given["SERVICE_CIDR"] == "10.112.0.0/16,fd00:2::/108"


@pytest.mark.parametrize("engine", ENGINES)
def test_ako_by_tkg_takes_the_place_of_the_chart(engine: str) -> None:
    chart, files = files_of(text_of("lab", engine)), files_of(by_tkg(text_of("lab", engine)))
    name, root = "nsxbaas-tkg-wld-site01", "sites/site01/clusters/nsxbaas-tkg-wld-site01"
    assert [path for path in chart if path.startswith((f"{root}/ako/", f"{root}/secrets/ako/"))]
    assert not [path for path in files if path.startswith((f"{root}/ako/", f"{root}/secrets/ako/"))]
    config = yaml.safe_load(files[f"sites/site01/management/ako/{name}.yaml"])
    cluster = yaml.safe_load(files[f"sites/site01/management/clusters/{name}.yaml"])
    selector = config["spec"]["clusterSelector"]["matchLabels"]
    assert selector and selector.items() <= cluster["metadata"]["labels"].items()
    other = yaml.safe_load(files["sites/site02/management/clusters/nsxbaas-tkg-wld-site02.yaml"])
    assert not selector.items() <= other["metadata"]["labels"].items()
    assert "layer7Only" not in config["spec"]["extraConfigs"]
    assert f"{root}/secrets/amko/member.yaml" in files
    sync = files["sites/site01/management/sync.yaml"]
    assert "sites/site01/management/ako" in sync


@pytest.mark.parametrize("engine", ENGINES)
def test_a_member_without_any_chart_has_the_account_of_amko(engine: str) -> None:
    before, behind = by_tkg(text_of("lab", engine)).rsplit("        amko: true\n", 1)
    files = files_of(before + behind)
    root = "sites/site02/clusters/nsxbaas-tkg-wld-site02"
    account = list(yaml.safe_load_all(files[f"{root}/member/member.yaml"]))
    assert [item["kind"] for item in account] == ["ServiceAccount", "Secret", "ClusterRole", "ClusterRoleBinding"]
    assert not [path for path in files if path.startswith(f"{root}/secrets/")]
    assert "member" in files[f"{root}/{'sync' if engine == 'flux' else 'kustomization'}.yaml"]
