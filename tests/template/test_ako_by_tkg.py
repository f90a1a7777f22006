"""An AKODeploymentConfig is the AKO of the clusters that it selects: broken, the rules on AKO speak of it."""

from pathlib import Path

import pytest

from tests.template.conftest import files_of, text_of, write
from tests.template.test_management_cluster import by_tkg
from validator import runner
from validator.options import Options
from validator.read.estate import read_estate

NAME = "nsxbaas-tkg-wld-site02"
DEPLOYMENT = f"sites/site02/management/ako/{NAME}.yaml"
CLUSTER = f"sites/site02/management/clusters/{NAME}.yaml"
FILE = "sites/site02/tanzu/management-cluster.yaml"
VIPS = "dataNetwork:\n    name: tkg-vip-site02"
FAULTS = (
    (DEPLOYMENT, "controller: avi-l-01b", "controller: avi-l-01a", "EST205", DEPLOYMENT),
    (DEPLOYMENT, "cloudName: nsxbaas-vcenter-site02", "cloudName: nsxbaas-vcenter-site01", "EST205", DEPLOYMENT),
    (DEPLOYMENT, "serviceEngineGroup: Default-Group", "serviceEngineGroup: other", "EST205", DEPLOYMENT),
    (DEPLOYMENT, "serviceType: ClusterIP", "serviceType: NodePort", "AKO137", DEPLOYMENT),
    (DEPLOYMENT, VIPS, VIPS.replace("tkg-vip-site02", "vips"), "AKO137", DEPLOYMENT),
    (DEPLOYMENT, "    cniPlugin: antrea", "    cniPlugin: calico", "AKO110", DEPLOYMENT),
    (DEPLOYMENT, "    cniPlugin: antrea", "    layer7Only: true\n    cniPlugin: antrea", "AVI103", DEPLOYMENT),
    (DEPLOYMENT, "name: avi-controller-ca", "name: avi-ca", "AVI205", DEPLOYMENT),
    (DEPLOYMENT, f"cluster-name: {NAME}", "cluster-name: other", "AVI203", CLUSTER),
    (CLUSTER, f"cluster-name: {NAME}", f"cluster-name: {NAME}-x", "AVI203", CLUSTER),
    (FILE, "AVI_CONTROLLER: avi-l-01b", "AVI_CONTROLLER: avi-l-01a", "TKG140", FILE),
)


@pytest.mark.parametrize(
    ("path", "good", "bad", "rule", "told"), FAULTS, ids=[f"{f[3]}-{i}" for i, f in enumerate(FAULTS)]
)
def test_a_fault_is_told_where_it_is(path: str, good: str, bad: str, rule: str, told: str, tmp_path: Path) -> None:
    files = files_of(by_tkg(text_of("lab")))
    assert good in files[path]
    files[path] = files[path].replace(good, bad)
    found = runner.run(write(files, tmp_path / "estate"), Options(kubeconform="off")).findings
    assert (rule, told) in {(one.rule, one.path) for one in found}
    assert {one.rule for one in found if one.severity == "error"} <= {rule, "EST206", "TKG124", "AVI203"}


def test_an_undeclared_estate_has_the_ako_that_tkg_installs(tmp_path: Path) -> None:
    """Without an estate file the members of GSLB run AKO because an AKODeploymentConfig selects them."""
    lab = text_of("lab")
    without_apps = by_tkg(lab[: lab.index("apps:\n")])
    files = {path: text for path, text in files_of(without_apps).items() if path != "estate.yaml"}
    report = runner.run(write(files, tmp_path / "with"), Options(kubeconform="off"))
    assert {one.rule for one in report.findings if one.severity in {"error", "warning"}} == {"TKG119"}, (
        "vCenter unverified"
    )
    files = {path: text for path, text in files.items() if path != DEPLOYMENT}
    files["sites/site02/management/ako/kustomization.yaml"] = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n"
    )
    names = [[one.name for one in read_estate(tmp_path / "with").members]]
    names.append([one.name for one in read_estate(write(files, tmp_path / "without")).members])
    assert names == [["nsxbaas-tkg-wld-site01", NAME], ["nsxbaas-tkg-wld-site01"]]


def test_both_in_one_cluster_is_told_once(tmp_path: Path) -> None:
    """A cluster with the chart that a configuration file selects as well."""
    files = files_of(text_of("lab"))
    files[FILE] = files[FILE].replace('AVI_LABELS: \'{"tkg-ako": "managed"}\'\n', "")
    found = runner.run(write(files, tmp_path / "estate"), Options(kubeconform="off")).findings
    assert [(one.rule, one.path) for one in found] == [("AVI101", FILE)]
