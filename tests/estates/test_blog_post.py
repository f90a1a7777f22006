"""The two-site lab as its blog post printed it: every mistake of the post is found, where it stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from validator.finding import Finding
from validator.options import Options
from validator.runner import run

LAB = Path(__file__).parents[1] / "golden" / "lab"
RIGHT = "nsxbaas-tkg-wld-site02-admin@nsxbaas-tkg-wld-site02"
PRINTED = "site02-nsxbaas-tkg-wld-admin@site02-nsxbaas-tkg-wld"
SITE02 = "sites/site02/clusters/nsxbaas-tkg-wld-site02"
CLUSTER = "sites/site02/management/clusters/nsxbaas-tkg-wld-site02.yaml"
INGRESS = "apps/onlineshop/ingress.yaml"
SERVICE = """---
apiVersion: v1
kind: Service
metadata:
  name: frontend-external
  namespace: onlineshop
spec:
  type: LoadBalancer
  selector:
    app: frontend
  ports:
    - name: http
      port: 80
      targetPort: 8080
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Return the mended lab without its estate file: what the post had."""
    shutil.copytree(LAB, tmp_path / "lab")
    (tmp_path / "lab" / "estate.yaml").unlink()
    return tmp_path / "lab"


def findings(root: Path) -> list[Finding]:
    return list(run(root, Options(kubeconform="off")).findings)


def edit(root: Path, pattern: str, change: Callable[[str], str]) -> None:
    paths = sorted(root.glob(pattern))
    assert paths
    for path in paths:
        before = path.read_text()
        path.write_text(change(before))


def rules(found: list[Finding], path: str) -> set[str]:
    return {finding.rule for finding in found if finding.path == path}


def test_context_of_site02_everywhere_but_in_the_kubeconfig(lab: Path) -> None:
    edit(lab, "sites/*/clusters/*/amko/release.yaml", lambda text: text.replace(RIGHT, PRINTED))
    found = [finding for finding in findings(lab) if finding.rule in {"CTX101", "CTX102", "CTX109"}]
    assert found
    assert all(RIGHT in finding.message or PRINTED in finding.message for finding in found)


def test_context_of_site02_where_the_kubeconfig_is_encrypted(lab: Path) -> None:
    edit(lab, "sites/*/clusters/*/amko/release.yaml", lambda text: text.replace(RIGHT, PRINTED))
    for path in lab.glob("sites/*/clusters/*/secrets/amko/gslb-config-secret.sops.yaml"):
        head = path.read_text().partition("stringData:")[0]
        path.write_text(head + 'stringData:\n  gslb-members: "ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]"\n')
    (finding,) = [finding for finding in findings(lab) if finding.rule.startswith("CTX")]
    assert finding.path == f"{SITE02}/amko/release.yaml"
    assert RIGHT in finding.message


def test_context_of_site02_in_one_list_of_one_site(lab: Path) -> None:
    edit(lab, f"{SITE02}/amko/release.yaml", lambda text: text.replace(f"cluster: {RIGHT}", f"cluster: {PRINTED}"))
    (finding,) = [finding for finding in findings(lab) if finding.severity == "error"]
    assert (finding.rule, finding.path) == ("CTX101", f"{SITE02}/amko/release.yaml")


def test_ingress_on_a_load_balancer_service(lab: Path) -> None:
    edit(
        lab,
        f"sites/*/clusters/*/{INGRESS}",
        lambda t: t.replace("name: frontend\n", "name: frontend-external\n") + SERVICE,
    )
    found = findings(lab)
    assert rules(found, f"{SITE02}/{INGRESS}") == {"APP109"}


def test_key_of_the_members_file(lab: Path) -> None:
    edit(
        lab,
        f"{SITE02}/secrets/amko/gslb-config-secret*.yaml",
        lambda t: t.replace("  gslb-members:", "  gslb-members.yaml:"),
    )
    (finding,) = [finding for finding in findings(lab) if finding.severity == "error"]
    assert (finding.rule, finding.path) == ("SEC101", f"{SITE02}/secrets/amko/gslb-config-secret.sops.yaml")


def test_what_the_command_line_wrote_into_the_cluster(lab: Path) -> None:
    printed = "- name: user\n        value:\n          sshAuthorizedKeys:\n            - none\n"
    printed += "      - name: worker\n        value:\n          count: 1\n"
    edit(lab, CLUSTER, lambda text: text.replace("- name: worker\n        value:\n", printed))
    assert {"TKG104", "TKG116"} <= rules(findings(lab), CLUSTER)
