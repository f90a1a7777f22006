"""Where an app comes from: a Service that is there, Git, an OCI artifact, a chart; with both engines."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.template.conftest import ENGINES, Files, files_of, text_of, write
from validator import runner
from validator.estate_file.reading import problems_in
from validator.lifecycle.questions import chosen
from validator.options import Options
from validator.read.exact import load_all
from validator.schema.kinds import LOCATION, folder

CLUSTER = "sites/site01/clusters/nsxbaas-tkg-wld-site01"
SOURCES = {
    "none": "",
    "git": "git: {url: https://git.example.com/shop.git, tag: v1.4.2, path: deploy, components: [../tls]}",
    "git-commit": f"git: {{url: https://git.example.com/shop.git, commit: {'0123456789abcdef0123' * 2}}}",
    "oci": "oci: {url: oci://registry.example.com/shop/manifests, tag: 1.4.2, components: [tls]}",
    "oci-digest": f"oci: {{url: oci://registry.example.com/shop/manifests, digest: 'sha256:{'ab' * 32}', path: deploy}}",
    "chart-oci": "chart: {url: oci://registry.example.com/charts/shop, version: 1.4.2+build.7, values: {replicas: 2}}",
    "chart-http": "chart: {url: https://charts.example.com, name: shop, version: 1.4.2, values: {replicas: 2}}",
}


def estate(source: str, engine: str = "flux", *, node_port: bool = False, **versions: str) -> str:
    head = chosen(text_of("lab"), {"engine": engine, "secrets": "sops"}).partition("    source:\n")[0]
    text = head + (f"    source:\n      {SOURCES.get(source, source)}\n" if source != "none" else "")
    if node_port:
        text = text.replace(
            "          shardVSSize: SMALL\n", "          shardVSSize: SMALL\n          serviceType: NodePort\n"
        )
    for name, version in versions.items():
        text = re.sub(r'  flux: "2.9"', f'  {name}: "{version}"', text)
    return text


def rendered(text: str) -> Files:
    assert problems_in(text.encode(), "estate.yaml") == []
    return files_of(text)


def flaws(text: str) -> list[str]:
    return [problem.message for problem in problems_in(text.encode(), "estate.yaml")]


def objects(files: Files, path: str) -> dict[str, Any]:
    return {tree.value["kind"]: tree.value for tree in load_all(files[path].encode(), path) if tree.value}


def pulled(files: Files) -> dict[str, Any]:
    """Return the last source of the app's Application, by which Argo CD pulls what is not in the estate's repository."""
    (found,) = [
        tree.value
        for tree in load_all(files[f"{CLUSTER}/sync.yaml"].encode(), "x")
        if tree.value["metadata"]["name"] == "app-onlineshop"
    ]
    last: dict[str, Any] = found["spec"]["sources"][-1]
    return last


def flux(files: Files) -> dict[str, Any]:
    return objects(files, f"{CLUSTER}/apps/onlineshop/source.yaml")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("node_port", [False, True], ids=["routes", "node-ports"])
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_a_repository_without_findings(
    source: str, node_port: bool, engine: str, tmp_path: Path, kubeconform: Path
) -> None:
    root = write(rendered(estate(source, engine, node_port=node_port)), tmp_path)
    report = runner.run(root, Options(kubeconform="off"))
    assert [one for one in report.findings if one.rule != "AKO130"] == []
    command: list[str | Path] = [
        kubeconform,
        "-strict",
        "-summary",
        "-ignore-filename-pattern",
        "/tanzu/",
        "-schema-location",
        f"{folder()}/{LOCATION}",
        root / "sites",
        root / "dns",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Invalid: 0, Errors: 0, Skipped: 0" in said.stdout, said.stdout


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", SOURCES)
def test_ingress_and_account_are_the_same_for_every_source(source: str, engine: str) -> None:
    files = rendered(estate(source, engine))
    ingress = objects(files, f"{CLUSTER}/apps/onlineshop/ingress.yaml")["Ingress"]
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": "frontend", "port": {"number": 80}}
    account = objects(files, f"{CLUSTER}/apps/onlineshop/service-account.yaml")["ServiceAccount"]
    assert (account["metadata"]["name"], account["imagePullSecrets"]) == ("default", [{"name": "regcred"}])


def test_an_existing_service_needs_no_source() -> None:
    files = rendered(estate("none"))
    assert f"{CLUSTER}/apps/onlineshop/source.yaml" not in files


def test_flux_pulls_an_artifact_by_tag_or_digest() -> None:
    found = flux(rendered(estate("oci")))
    assert found["OCIRepository"]["spec"] == {
        "interval": "1h",
        "url": "oci://registry.example.com/shop/manifests",
        "ref": {"tag": "1.4.2"},
    }
    spec = found["Kustomization"]["spec"]
    assert spec["sourceRef"] == {"kind": "OCIRepository", "name": "onlineshop"}
    assert (spec["path"], spec["components"], spec["targetNamespace"]) == ("./", ["tls"], "onlineshop")
    found = flux(rendered(estate("oci-digest")))
    assert found["OCIRepository"]["spec"]["ref"] == {"digest": f"sha256:{'ab' * 32}"}
    assert found["Kustomization"]["spec"]["path"] == "./deploy"
    assert flux(rendered(estate("oci", flux="2.3")))["OCIRepository"]["apiVersion"].endswith("/v1beta2")


def test_flux_makes_a_release_of_a_chart() -> None:
    found = flux(rendered(estate("chart-oci")))
    assert found["OCIRepository"]["spec"]["ref"] == {"tag": "1.4.2_build.7"}
    spec = found["HelmRelease"]["spec"]
    assert spec["chartRef"] == {"kind": "OCIRepository", "name": "onlineshop"}
    assert (spec["releaseName"], spec["targetNamespace"], spec["values"]) == (
        "onlineshop",
        "onlineshop",
        {"replicas": 2},
    )
    found = flux(rendered(estate("chart-oci", flux="2.3")))
    assert found["HelmRepository"]["spec"] == {
        "interval": "1h",
        "type": "oci",
        "url": "oci://registry.example.com/charts",
    }
    chart = found["HelmRelease"]["spec"]["chart"]["spec"]
    assert (chart["chart"], chart["version"]) == ("shop", "1.4.2+build.7")
    found = flux(rendered(estate("chart-http")))
    assert found["HelmRepository"]["spec"] == {"interval": "1h", "url": "https://charts.example.com"}
    assert found["HelmRelease"]["spec"]["chart"]["spec"]["chart"] == "shop"


def test_argo_cd_pulls_artifacts_and_charts() -> None:
    assert pulled(rendered(estate("oci", "argocd"))) | {"kustomize": None} == {
        "repoURL": "oci://registry.example.com/shop/manifests",
        "targetRevision": "1.4.2",
        "path": ".",
        "kustomize": None,
    }
    assert pulled(rendered(estate("oci-digest", "argocd")))["targetRevision"] == f"sha256:{'ab' * 32}"
    assert pulled(rendered(estate("chart-oci", "argocd"))) == {
        "repoURL": "registry.example.com/charts",
        "chart": "shop",
        "targetRevision": "1.4.2+build.7",
        "helm": {"releaseName": "onlineshop", "valuesObject": {"replicas": 2}},
    }
    assert pulled(rendered(estate("chart-http", "argocd")))["repoURL"] == "https://charts.example.com"


def patches(found: Any) -> dict[str, str]:
    return {patch["target"]["kind"]: patch["patch"] for patch in found or []}


@pytest.mark.parametrize("source", ["git", "oci", "chart-oci", "chart-http"])
def test_pull_secret_and_node_port_reach_what_the_source_makes(source: str) -> None:
    found = flux(rendered(estate(source, node_port=True)))
    if "chart" in source:
        made = patches(found["HelmRelease"]["spec"]["postRenderers"][0]["kustomize"]["patches"])
    else:
        made = patches(found["Kustomization"]["spec"]["patches"])
        last = pulled(rendered(estate(source, "argocd", node_port=True)))
        assert patches(last["kustomize"]["patches"]) == made
    assert "regcred" in made["ServiceAccount"]
    assert "NodePort" in made["Service"]


def test_a_chart_under_argo_cd_says_pull_secret_and_service_type_itself() -> None:
    bare = "chart: {url: oci://registry.example.com/charts/shop, version: 1.4.2}"
    assert flaws(estate(bare)) == []
    assert flaws(estate(bare, "argocd")) == [
        "Argo CD cannot give the pull secret of `onlineshop` to the ServiceAccounts that its chart makes"
    ]
    said = flaws(estate(bare, "argocd", node_port=True))
    assert said[1] == (
        "`nsxbaas-tkg-wld-site01` needs Services of type NodePort, and Argo CD cannot change that of a chart"
    )
    assert "helm" in pulled(rendered(estate("chart-oci", "argocd", node_port=True)))


@pytest.mark.parametrize(("version", "fine"), [("3.0", False), ("3.1", True), ("3.5", True)])
def test_artifacts_need_argo_cd_3_1(version: str, fine: bool) -> None:
    said = flaws(estate("oci", "argocd", argocd=version))
    assert said == ([] if fine else [f"Argo CD {version} does not know OCI artifacts as the source of an app"])


@pytest.mark.parametrize(
    "source",
    [
        "oci: {url: oci://registry.example.com/shop, tag: latest}",
        "oci: {url: oci://registry.example.com/shop}",
        "oci: {url: 'oci://registry.example.com/shop:1.4.2', tag: 1.4.2}",
        "oci: {url: https://registry.example.com/shop, tag: 1.4.2}",
        "oci: {url: oci://registry.example.com/shop, digest: 'sha256:1234'}",
        f"oci: {{url: oci://registry.example.com/shop, tag: 1.4.2, digest: 'sha256:{'ab' * 32}'}}",
        "oci: {url: 'oci://user:word@registry.example.com/shop', tag: 1.4.2}",
        "chart: {url: oci://registry.example.com/charts/shop, version: 1.4.x}",
        "chart: {url: oci://registry.example.com/charts/shop, version: '>=1.4.2'}",
        "chart: {url: oci://registry.example.com/charts/shop, version: '^1.4.2'}",
        "chart: {url: oci://registry.example.com/charts/shop, version: latest}",
        "chart: {url: oci://registry.example.com/charts/shop, version: '1.4'}",
        "chart: {url: oci://registry.example.com/charts/shop}",
        "chart: {url: https://charts.example.com, version: 1.4.2}",
        "chart: {url: oci://registry.example.com/charts/shop, name: shop, version: 1.4.2}",
        "chart: {url: oci://registry.example.com/charts/shop, version: 1.4.2, values: {db: {password: hunter}}}",
        "chart: {url: oci://registry.example.com/charts/shop, version: 1.4.2}\n      git: {url: https://g.example/a, tag: v1}",
        "{}",
    ],
)
def test_what_is_not_pinned_or_not_clear_is_refused(source: str) -> None:
    text = estate(source) if source != "{}" else estate("none") + "    source: {}\n"
    assert len(flaws(text)) == 1


def test_names_of_secrets_are_no_secrets() -> None:
    values = "values: {auth: {existingSecret: shop-db}, image: {pullSecret: regcred}}"
    assert flaws(estate(f"chart: {{url: oci://r.example.com/charts/shop, version: 1.4.2, {values}}}")) == []
