"""What is rendered, in the ways that bite: each test names the outage that it prevents."""

import itertools
import re
from typing import Any

import pytest

from tests.template.conftest import Files, files_of, text_of
from validator.read.exact import load_all

SYNC = "sites/{site}/clusters/{cluster}"


def read(files: Files, path: str) -> list[Any]:
    return [tree.value for tree in load_all(files[path].encode(), path) if tree.value is not None]


def one(files: Files, path: str, kind: str, name: str | None = None) -> Any:
    found = [d for d in read(files, path) if d["kind"] == kind and name in {None, d["metadata"]["name"]}]
    assert len(found) == 1, (path, kind, name)
    return found[0]


def releases(files: Files, chart: str) -> list[Any]:
    paths = [path for path in files if path.endswith((f"/{chart}/release.yaml", f"/{chart}/application.yaml"))]
    return [read(files, path)[0] for path in paths]


def values(release: Any) -> Any:
    spec = release["spec"]
    return spec["values"] if release["kind"] == "HelmRelease" else spec["sources"][0]["helm"]["valuesObject"]


def lab(**versions: str) -> Files:
    text = text_of("lab")
    for product, version in versions.items():
        line = f'  {product}: "{version}"'
        changed = re.sub(rf'^  {product}: ".*"$', line, text, flags=re.MULTILINE)
        text = changed if line in changed else text.replace("versions:\n", f"versions:\n{line}\n")
    return files_of(text)


def test_amko_agrees_everywhere_but_on_who_it_is(files: Files) -> None:
    found = [values(release) for release in releases(files, "amko")]
    own = [
        (item["federation"].pop("currentCluster"), item["federation"].pop("currentClusterIsLeader")) for item in found
    ]
    for item in found:
        del item["tolerations"]
        assert item == found[0]
        members = [member["clusterContext"] for member in item["configs"]["memberClusters"]]
        policy = item["globalDeploymentPolicy"]
        assert [match["cluster"] for match in policy["matchClusters"]] == members
        assert [share["cluster"] for share in policy.get("trafficSplit", [])] in ([], members)
        assert all({"weight", "priority"} <= set(share) for share in policy.get("trafficSplit", []))
        assert set(item["federation"]["memberClusters"]) == {context for context, _ in own}
    assert sorted(leads for _, leads in own) == [False] * (len(own) - 1) + [True]


def test_host_rules_are_the_same_on_every_amko(files: Files) -> None:
    running = {
        path.rsplit("/", 2)[0]
        for path in files
        if path.endswith("/amko/kustomization.yaml") and "/secrets/" not in path
    }
    rules: dict[str, dict[str, str]] = {folder: {} for folder in running}
    for path, text in files.items():
        folder, found, name = path.partition("/gslb/")
        if found:
            rules[folder][name] = text
    assert all(found == next(iter(rules.values())) for found in rules.values())


def test_the_vcenter_secret_comes_before_the_cluster(files: Files, combination: tuple[str, str, str]) -> None:
    syncs = [path for path in files if path.endswith("/management/sync.yaml")]
    for path in syncs:
        if combination[1] == "flux":
            steps = read(files, path)
            between = ["ako-deployments"] if path.replace("sync.yaml", "ako/kustomization.yaml") in files else []
            assert [step["metadata"]["name"] for step in steps] == ["credentials", *between, "clusters"]
            for before, step in itertools.pairwise(steps):
                assert step["spec"]["dependsOn"] == [{"name": before["metadata"]["name"]}]
                assert before["spec"]["wait"]
            assert not any(step["spec"]["prune"] for step in steps)
    for path in (path for path in files if re.search(r"/credentials/.*\.(sops|sealed|external)\.yaml$", path)):
        (secret,) = read(files, path)
        wave = secret["metadata"]["annotations"].get("argocd.argoproj.io/sync-wave")
        assert wave == ("-1" if combination[1] == "argocd" else None)


def test_what_must_not_be_pruned_says_so(files: Files, combination: tuple[str, str, str]) -> None:
    key, value = {
        "flux": ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
        "argocd": ("argocd.argoproj.io/sync-options", "Prune=false,Delete=false"),
    }[combination[1]]
    kinds = {"Cluster", "AKODeploymentConfig", "Namespace", "HelmRelease"}
    applications = {("Application", name) for name in ("ako", "ako-deployments", "amko", "clusters")}
    for path in (path for path in files if path.startswith("sites/") and "/tanzu/" not in path):
        for document in read(files, path):
            if "/apps/" in path and document["kind"] == "HelmRelease":
                continue  # an app that is taken out of the estate goes
            named = document.get("metadata", {}).get("name")
            if document["kind"] in kinds or (document["kind"], named) in applications:
                assert document["metadata"]["annotations"][key] == value, path


def test_clusters_are_what_their_class_takes(files: Files) -> None:
    for path in (path for path in files if re.search(r"/management/clusters/(?!kustomization)", path)):
        (cluster,) = read(files, path)
        topology = cluster["spec"]["topology"]
        variables = {variable["name"]: variable["value"] for variable in topology["variables"]}
        assert variables["apiServerEndpoint"]
        assert "count" not in variables["worker"]
        assert "TKR_DATA" not in variables
        nodes = [topology["controlPlane"], *topology["workers"]["machineDeployments"]]
        assert all("strategy" not in node for node in nodes)
        assert all("run.tanzu.vmware.com/resolve-os-image" in node["metadata"]["annotations"] for node in nodes)
        assert "networking.tkg.tanzu.vmware.com/avi" not in cluster["metadata"]["labels"]


def test_flux_waits_for_what_comes_before() -> None:
    files = files_of(text_of("three-sites", "flux"))
    chain = {
        step["metadata"]["name"]: [item["name"] for item in step["spec"].get("dependsOn", [])]
        for step in read(files, "sites/frankfurt/clusters/fra-prod-01/sync.yaml")
    }
    assert chain == {
        "secrets": [],
        "ako": ["secrets"],
        "amko": ["ako"],
        "gslb": ["amko"],
        "app-shop": ["ako"],
        "app-ledger": ["gslb"],
        "app-status": ["ako"],
    }
    without = read(files, "sites/frankfurt/clusters/fra-prod-02/sync.yaml")
    assert [step["metadata"]["name"] for step in without] == ["secrets", "ako", "app-shop", "app-status"]


def test_argo_cd_orders_by_waves() -> None:
    files = files_of(text_of("three-sites", "argocd"))
    waves = {
        document["metadata"]["name"]: document["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave")
        for path in files
        if path.startswith("sites/frankfurt/clusters/fra-prod-01/") and path.endswith(("sync.yaml", "application.yaml"))
        for document in read(files, path)
    }
    assert waves == {
        "estate": None,
        "ako": "1",
        "amko": "2",
        "gslb": "3",
        "app-shop": "4",
        "app-ledger": "4",
        "app-status": "4",
    }


@pytest.mark.parametrize(
    ("flux", "own", "retry"),
    [
        ("2.9", True, {"strategy": {"name": "RetryOnFailure"}}),
        ("2.6", True, {"disableWait": True, "remediation": {"retries": 3}}),
        ("2.4", None, {"disableWait": True, "remediation": {"retries": 3}}),
    ],
)
def test_flux_upgrades_crds_and_takes_over_nothing(flux: str, own: bool | None, retry: Any) -> None:
    for release in releases(lab(flux=flux), "ako"):
        for action in ("install", "upgrade"):
            spec = dict(release["spec"][action])
            assert spec.pop("crds") == "CreateReplace"
            assert spec.pop("disableTakeOwnership", None) is own
            assert spec == retry


@pytest.mark.parametrize(
    ("flux", "release", "helm_repository"),
    [("2.9", "v2", "v1"), ("2.3", "v2", "v1"), ("2.2", "v2beta2", "v1beta2"), ("2.0", "v2beta1", "v1beta2")],
)
def test_uses_what_an_older_flux_serves(flux: str, release: str, helm_repository: str) -> None:
    files = lab(flux=flux)
    folder = "sites/site01/clusters/nsxbaas-tkg-wld-site01/ako"
    assert read(files, f"{folder}/release.yaml")[0]["apiVersion"] == f"helm.toolkit.fluxcd.io/{release}"
    assert read(files, f"{folder}/source.yaml")[0]["apiVersion"] == f"source.toolkit.fluxcd.io/{helm_repository}"


@pytest.mark.parametrize(
    ("ako", "amko", "flux", "kind", "url"),
    [
        ("1.9.2", "1.9.1", "2.9", "HelmRepository", "https://projects.registry.vmware.com/chartrepo/ako"),
        ("1.11.1", "1.11.1", "2.9", "OCIRepository", "oci://projects.registry.vmware.com/ako/helm-charts/ako"),
        ("2.1.1", "2.1.1", "2.9", "OCIRepository", "oci://projects.packages.broadcom.com/ako/helm-charts/ako"),
        ("2.1.1", "2.1.1", "2.5", "HelmRepository", "oci://projects.packages.broadcom.com/ako/helm-charts"),
    ],
)
def test_takes_the_chart_from_where_it_is(ako: str, amko: str, flux: str, kind: str, url: str) -> None:
    files = lab(ako=ako, amko=amko, flux=flux)
    folder = "sites/site01/clusters/nsxbaas-tkg-wld-site01/ako"
    (source,) = read(files, f"{folder}/source.yaml")
    assert (source["kind"], source["spec"]["url"]) == (kind, url)
    assert source["spec"].get("type") == ("oci" if kind == "HelmRepository" and url.startswith("oci:") else None)
    spec = read(files, f"{folder}/release.yaml")[0]["spec"]
    assert ("chartRef" in spec, "chart" in spec) == (kind == "OCIRepository", kind == "HelmRepository")
    argo = files_of(text_of("lab", "argocd").replace('"1.9.2"', f'"{ako}"').replace('"1.9.1"', f'"{amko}"'))
    (application,) = read(argo, f"{folder}/application.yaml")
    chart = application["spec"]["sources"][0]
    # Argo CD takes the registry of a Helm chart without `oci://` and without the chart's name.
    assert chart["repoURL"] == url.removeprefix("oci://").replace("/helm-charts/ako", "/helm-charts")
    assert (chart["chart"], chart["targetRevision"]) == ("ako", ako)


def test_flux_gives_credentials_as_a_document() -> None:
    for chart, block in (("ako", "avicredentials"), ("amko", "gslbLeaderCredentials")):
        for release in releases(files_of(text_of("lab")), chart):
            entry = {"kind": "Secret", "name": f"{chart}-credentials", "valuesKey": "values.yaml"}
            assert release["spec"]["valuesFrom"] == [entry]
            assert block not in values(release)


@pytest.mark.parametrize("backend", ["sops", "sealed-secrets", "external-secrets"])
@pytest.mark.parametrize(("example", "makes"), [("lab", True), ("argocd", False)])
def test_argo_cd_gets_credentials_past_the_chart(example: str, makes: bool, backend: str) -> None:
    files = files_of(text_of(example, "argocd", backend))
    for chart, block, secret in (
        ("ako", "avicredentials", "avi-secret"),
        ("amko", "gslbLeaderCredentials", "gslb-avi-secret"),
    ):
        makes_secret = makes or chart == "amko"
        for application in releases(files, chart):
            spec = application["spec"]
            assert (values(application).get(block) is not None) == makes_secret
            own = spec["sources"][1]
            assert own.get("plugin") == ({"name": "sops"} if backend == "sops" else None)
            names = [path for path in files if path.startswith(f"{own['path']}/{secret}.")]
            assert len(names) == 1
            assert read(files, names[0])[0]["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-1"
            kept = [rule["name"] for rule in spec.get("ignoreDifferences", []) if rule["kind"] == "Secret"]
            assert kept == ([secret] if makes_secret and backend != "sops" else [])
            assert "RespectIgnoreDifferences=true" in spec["syncPolicy"]["syncOptions"]


def test_argo_cd_lets_a_follower_take_over() -> None:
    for application in releases(files_of(text_of("argocd")), "amko"):
        for rule in application["spec"]["ignoreDifferences"]:
            assert "managedFieldsManagers" not in rule
            assert rule["jsonPointers"] in (["/status"], ["/data"])
        # Client-side apply leaves an annotation; the leader's federator ends on a GSLBConfig that has none at all.
        assert not any("ServerSideApply" in option for option in application["spec"]["syncPolicy"]["syncOptions"])


def test_amko_keeps_its_uuid() -> None:
    uuid = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
    for release in releases(lab(), "amko"):
        assert "amkoUUID" not in values(release)["configs"]
        (patch,) = release["spec"]["postRenderers"][0]["kustomize"]["patches"]
        (tree,) = load_all(patch["patch"].encode(), "patch")
        assert tree.value["metadata"]["annotations"] == {"amko.vmware.com/amko-uuid": uuid}
    for release in releases(lab(ako="1.10.1", amko="1.10.1"), "amko"):
        assert values(release)["configs"]["amkoUUID"] == uuid
        assert "postRenderers" not in release["spec"]


def test_the_members_kubeconfig_has_the_contexts_of_the_values() -> None:
    for backend in ("sops", "external-secrets"):
        files = files_of(text_of("three-sites", "flux", backend))
        (release, *_) = releases(files, "amko")
        members = [member["clusterContext"] for member in values(release)["configs"]["memberClusters"]]
        paths = [path for path in files if "/gslb-config-secret." in path]
        assert len(paths) == 3
        for path in paths:
            (secret,) = read(files, path)
            held = secret["stringData"] if backend == "sops" else secret["spec"]["target"]["template"]["data"]
            (tree,) = load_all(held["gslb-members"].encode(), path)
            assert [context["name"] for context in tree.value["contexts"]] == members


def test_an_app_is_published_where_amko_looks() -> None:
    files = files_of(text_of("three-sites"))
    paths = [path for path in files if path.endswith("/apps/shop/ingress.yaml")]
    assert len(paths) == 4
    for path in paths:
        (ingress,) = read(files, path)
        assert ingress["metadata"]["labels"] == {"acme.example/gslb": "true"}
        assert ingress["spec"]["ingressClassName"] == "avi-lb"
        assert ingress["spec"]["tls"] == [{"hosts": ["shop.gslb.acme.example"], "secretName": "shop-tls"}]
        (namespace,) = read(files, path.replace("ingress", "namespace"))
        assert namespace["metadata"]["labels"] == {"acme.example/tier": "edge"}
    assert [path for path in files if "/apps/telemetry/" in path and "/madrid/" not in path] == []


def test_the_pull_secret_reaches_every_service_account() -> None:
    for engine in ("flux", "argocd"):
        files = files_of(text_of("lab", engine))
        folder = "sites/site01/clusters/nsxbaas-tkg-wld-site01"
        if engine == "flux":
            patches = one(files, f"{folder}/apps/onlineshop/source.yaml", "Kustomization")["spec"]["patches"]
        else:
            app = one(files, f"{folder}/sync.yaml", "Application", "app-onlineshop")
            patches = app["spec"]["sources"][-1]["kustomize"]["patches"]
            assert "ServerSideApply=true" in app["spec"]["syncPolicy"]["syncOptions"]
        (patch,) = patches
        assert patch["target"] == {"kind": "ServiceAccount"}
        (tree,) = load_all(patch["patch"].encode(), "patch")
        assert tree.value == [{"op": "add", "path": "/imagePullSecrets", "value": [{"name": "regcred"}]}]
        (account,) = read(files, f"{folder}/apps/onlineshop/service-account.yaml")
        assert account["imagePullSecrets"] == [{"name": "regcred"}]


def test_a_backend_is_a_node_port_where_ako_needs_one() -> None:
    text = text_of("lab").replace("shardVSSize: SMALL", "shardVSSize: SMALL\n          serviceType: NodePort", 1)
    files = files_of(text)
    patches = [
        one(files, path, "Kustomization")["spec"]["patches"]
        for path in files
        if path.endswith("/apps/onlineshop/source.yaml")
    ]
    assert sorted(len(found) for found in patches) == [1, 2]


SECOND = """
  - name: another
    host: another.avi.nsxbaas.homelab
    namespace: onlineshop
    service: other
    port: 80
    mode: active-active
    pullSecret: {name: regcred, registry: https://index.docker.io/v1/}
"""
"""An app in the namespace of the lab's own."""


def test_apps_in_one_namespace_share_what_is_in_it() -> None:
    files = files_of(text_of("lab").rstrip("\n") + SECOND)
    folder = "sites/site01/clusters/nsxbaas-tkg-wld-site01/apps"
    assert {path for path in files if path.startswith(f"{folder}/another/")} == {
        f"{folder}/another/kustomization.yaml",
        f"{folder}/another/ingress.yaml",
    }


def test_what_apps_share_comes_with_the_one_that_does_not_wait() -> None:
    """An app whose primary site AMKO must know first is held back; a namespace that it shares is not."""
    text = text_of("lab").replace("mode: active-active", "mode: active-standby\n    primary: site02")
    files = files_of(text.rstrip("\n") + SECOND)
    folder = "sites/site01/clusters/nsxbaas-tkg-wld-site01"
    after = {
        step["metadata"]["name"]: [need["name"] for need in step["spec"].get("dependsOn", [])]
        for step in read(files, f"{folder}/sync.yaml")
    }
    assert (after["app-onlineshop"], after["app-another"]) == (["gslb"], ["ako"])
    shared = {"namespace.yaml", "service-account.yaml", "secrets/regcred.sops.yaml"}
    assert {path.removeprefix(f"{folder}/apps/another/") for path in files if "/apps/another/" in path} >= shared
    assert not [name for name in shared if f"{folder}/apps/onlineshop/{name}" in files]


def test_a_cluster_without_ako_gets_neither_namespace_nor_account() -> None:
    text = text_of("three-sites").replace(
        "          serviceEngineGroup: tkg-fra-prod-02",
        "          enabled: false\n          serviceEngineGroup: tkg-fra-prod-02",
    )
    text = text.replace("    - {cluster: fra-prod-02, weight: 10, priority: 10}\n", "")
    files = files_of(text)
    folder = "sites/frankfurt/clusters/fra-prod-02"
    assert [path for path in files if path.startswith(f"{folder}/") and "/flux-system/" not in path] == [
        f"{folder}/kustomization.yaml",
        f"{folder}/sync.yaml",
    ]


def test_what_the_file_gives_for_the_chart_is_merged_last() -> None:
    text = text_of("lab").replace(
        "shardVSSize: SMALL\n",
        "shardVSSize: SMALL\n          values: {AKOSettings: {logLevel: DEBUG}, tolerations: [{key: x}]}\n",
        1,
    )
    found = [values(release) for release in releases(files_of(text), "ako")]
    changed = next(item for item in found if item["AKOSettings"]["logLevel"] == "DEBUG")
    assert changed["AKOSettings"]["clusterName"] == "nsxbaas-tkg-wld-site01"
    assert [item["key"] for item in changed["tolerations"]] == ["x", "gslb-estate/values-checksum"]


@pytest.mark.parametrize("example", ["lab", "three-sites", "argocd", "tkg-managed"])
def test_the_readme_has_a_command_for_every_cluster_and_every_secret(example: str) -> None:
    for engine in ("flux", "argocd"):
        for backend in ("sops", "sealed-secrets"):
            files = files_of(text_of(example, engine, backend))
            readme = files["README.md"]
            secrets = [path for path in files if path.endswith((".sops.yaml", ".sealed.yaml")) and "/" in path]
            later = [path for path in secrets if "/gslb-config-secret." in path]
            assert [path for path in secrets if path not in readme] == later, "step 7 fills the members kubeconfig"
            roots = {re.split(r"/(?:sync|kustomization)\.yaml$", p)[0] for p in files if p.endswith("/sync.yaml")}
            assert [root for root in roots if not re.search(rf"{re.escape(root)}$", readme, re.MULTILINE)] == []
            for release in releases(files, "amko"):
                assert values(release)["federation"]["currentCluster"] in readme
    assert "amko-uuid" in files_of(text_of("lab"))["README.md"]
