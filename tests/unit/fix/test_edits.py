"""`estate validate --fix` and `--diff` as they are run: what they mend, what they leave, what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from validator import runner
from validator.cli import group
from validator.read import exact
from validator.values.checksum import checksum

HEAD = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: {chart}, namespace: avi-system}}
spec:
  interval: 10m
  chart: {{spec: {{chart: {chart}, version: {version}, sourceRef: {{kind: HelmRepository, name: ako}}}}}}
"""
LEADER = """\
  values:
    federation: {currentCluster: a-admin@a, currentClusterIsLeader: true, memberClusters: [a-admin@a, b-admin@b]}
"""
FOLLOWER = """\
  values:
    # the second site
    federation:
      currentCluster: b-admin@b   # its own name

      # both of them
      memberClusters: ["a-admin@a",   'b-admin@b']
"""
AKO = """\
  values:
    AKOSettings:
      clusterName: wld
"""


def release(values: str, chart: str = "amko", version: str = "1.10.1") -> str:
    return HEAD.format(chart=chart, version=version) + values


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def estate(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the real command; return its exit code and what it wrote to each stream."""
    command = [sys.executable, "-m", "validator", "validate", "--kubeconform", "off", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def fix(root: Path, *select: str) -> dict[str, str]:
    """Run `--fix` twice; return the files, which the second run must not change."""
    arguments = ["validate", "--kubeconform", "off", "--fix", str(root), *(f"--select={name}" for name in select)]
    CliRunner().invoke(group, arguments, standalone_mode=False, catch_exceptions=False)
    once = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    again = CliRunner().invoke(group, arguments, standalone_mode=False, catch_exceptions=False)
    assert "mended" not in again.output
    assert once == {path: path.read_bytes() for path in root.rglob("*.yaml")}
    return {path.relative_to(root).as_posix(): text.decode() for path, text in once.items()}


def test_a_missing_flag_is_written_where_another_cluster_leads(tmp_path: Path) -> None:
    files = {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": release(FOLLOWER)}
    after = fix(put(tmp_path, files), "AMK103")
    files["site02/amko.yaml"] = files["site02/amko.yaml"].replace(
        "# its own name\n", "# its own name\n      currentClusterIsLeader: false\n"
    )
    assert after == files


def test_who_leads_is_never_decided(tmp_path: Path) -> None:
    files = {
        "site01/amko.yaml": release(FOLLOWER.replace("b-admin@b ", "a-admin@a ")),
        "site02/amko.yaml": release(FOLLOWER),
    }
    assert fix(put(tmp_path, files), "AMK") == files


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    text = release(FOLLOWER).replace("\n", "\r\n")
    after = fix(put(tmp_path, {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": text}), "AMK103")
    assert after["site02/amko.yaml"] == text.replace("name\r\n", "name\r\n      currentClusterIsLeader: false\r\n")


def test_values_that_two_clusters_share_are_left_alone(tmp_path: Path) -> None:
    kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n"
    sync = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {0}, namespace: flux-system}}\n"
        "spec:\n  interval: 10m\n  prune: true\n  path: ./clusters/{0}\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n"
        "  patches:\n    - patch: |\n        - {{op: add, path: /spec/values/federation/currentCluster, value: {0}-admin@{0}}}\n"
        "      target: {{kind: HelmRelease, name: amko}}\n"
    )
    files = {
        "base/amko.yaml": release("  values:\n    federation:\n      memberClusters: [a-admin@a]\n"),
        "base/kustomization.yaml": kustomization.replace("../../base", "amko.yaml"),
    }
    for name in "ab":
        files[f"clusters/{name}/kustomization.yaml"] = kustomization.replace("]", ", sync.yaml]")
        files[f"clusters/{name}/sync.yaml"] = sync.format(name)
    put(tmp_path, files)
    assert "`b-admin@b`" in estate(tmp_path, "--select", "AMK104")[1]
    assert fix(tmp_path, "AMK104") == files


def test_values_in_a_file_of_their_own_are_mended_there(tmp_path: Path) -> None:
    files = {
        "values.yaml": "# values\nfederation:\n  currentCluster: wld1\n  memberClusters:\n    - wld2 # other\n",
        "kustomization.yaml": "resources: [amko.yaml]\nconfigMapGenerator:\n  - name: values\n    namespace: avi-system\n"
        "    files: [values.yaml]\n",
        "amko.yaml": release("  valuesFrom: [{kind: ConfigMap, name: values}]\n"),
    }
    after = fix(put(tmp_path, files), "AMK104")
    assert after["values.yaml"] == files["values.yaml"] + "    - wld1\n"
    assert after["amko.yaml"] == files["amko.yaml"]


def test_values_that_are_text_are_left_alone(tmp_path: Path) -> None:
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: amko, namespace: argocd}
spec:
  destination: {server: https://kubernetes.default.svc, namespace: avi-system}
  source:
    repoURL: https://example.com/charts
    chart: amko
    targetRevision: 1.10.1
    helm:
      values: |
        federation:
          currentCluster: a-admin@a
          memberClusters: [b-admin@b]
"""
    put(tmp_path, {"site01/amko.yaml": text})
    assert "AMK104" in estate(tmp_path, "--select", "AMK104")[1]
    assert fix(tmp_path, "AMK104") == {"site01/amko.yaml": text}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("deleteConfig: no # no", "deleteConfig: false # no"),
        ('primaryInstance: "true"', "primaryInstance: true"),
        ("enableEVH: yes", "enableEVH: true"),
        (
            "clusterName: wld\n    L7Settings:\n      defaultIngController: yes # c",
            'clusterName: wld\n    L7Settings:\n      defaultIngController: "true" # c',
        ),
        ("clusterName: 010", 'clusterName: "010"'),
        ("logLevel: warn", "logLevel: warn"),
        (
            "namespaceSelector: {labelKey: on, labelValue: 'yes'}",
            "namespaceSelector: {labelKey: \"on\", labelValue: 'yes'}",
        ),
    ],
)
def test_types_of_chart_values(tmp_path: Path, before: str, after: str) -> None:
    text = release(AKO.replace("clusterName: wld", before), "ako", "1.9.2")
    found = fix(put(tmp_path, {"site01/ako.yaml": text}), "SCH201", "YML701")
    assert found["site01/ako.yaml"] == text.replace(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("labels: {gslb: on, since: 2024-01-01}", 'labels: {gslb: "on", since: "2024-01-01"}'),
        ("labels: {version: 1.10, build: 0x1f}", 'labels: {version: "1.10", build: "0x1f"}'),
        ("annotations: {replicas: 3, ready: true}", 'annotations: {replicas: "3", ready: "true"}'),
    ],
)
def test_types_of_labels(tmp_path: Path, before: str, after: str) -> None:
    text = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  {before} # why\n"
    found = fix(put(tmp_path, {"a.yaml": text}), "SCH101", "YML701")
    assert found["a.yaml"] == text.replace(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("suspend: off", "suspend: false"),
        ("suspend: 'true'", "suspend: true"),
        ("maxHistory: '5'", "maxHistory: 5"),
        ("values: {enabled: on}", "values: {enabled: on}"),
        ("values: {at: 12:30, since: 2024-01-01}", 'values: {at: "12:30", since: "2024-01-01"}'),
        ("values: {mode: 0644, big: 1e3}", "values: {mode: 0644, big: 1e3}"),
        ("releaseName: 1e3", 'releaseName: "1e3"'),
    ],
)
def test_types_of_fields(tmp_path: Path, before: str, after: str) -> None:
    text = HEAD.format(chart="podinfo", version="6.0.0") + f"  {before}\n"
    found = fix(put(tmp_path, {"a.yaml": text}), "SCH101", "YML701")
    assert found["a.yaml"] == text.replace(before, after)


def test_numbers_in_the_data_of_a_secret_are_for_people(tmp_path: Path) -> None:
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\ndata: {pin: 1234}\nstringData: {pin2: 1234}\n"
    )
    found = fix(put(tmp_path, {"a.yaml": text}), "SCH101")
    assert found["a.yaml"] == text.replace("pin2: 1234", 'pin2: "1234"')


def test_a_list_gets_the_member_that_all_others_have(tmp_path: Path) -> None:
    lists = "    configs:\n      memberClusters:\n        - clusterContext: a-admin@a\n{0}"
    policy = "    globalDeploymentPolicy:\n      matchClusters:\n        - {{cluster: a-admin@a}}\n{0}"
    both = lists.format("        - clusterContext: b-admin@b\n") + policy.format("        - {cluster: b-admin@b}\n")
    one = lists.format("        # more\n") + policy.format("")
    flag = FOLLOWER.replace("      # both", "      currentClusterIsLeader: false\n      # both")
    files = {"site01/amko.yaml": release(LEADER + both), "site02/amko.yaml": release(flag + one)}
    after = fix(put(tmp_path, files), "AMK111", "AMK112")
    assert after["site01/amko.yaml"] == files["site01/amko.yaml"]
    assert after["site02/amko.yaml"] == files["site02/amko.yaml"].replace(
        "        # more\n", "        - clusterContext: b-admin@b\n        # more\n"
    ).replace("- {cluster: a-admin@a}\n", "- {cluster: a-admin@a}\n        - {cluster: b-admin@b}\n")


def test_a_member_that_the_leader_dropped_is_not_added_again(tmp_path: Path) -> None:
    lists = "    configs:\n      memberClusters:\n        - clusterContext: a-admin@a\n{0}"
    flag = FOLLOWER.replace("      # both", "      currentClusterIsLeader: false\n      # both")
    files = {
        "site01/amko.yaml": release(LEADER + lists.format("")),
        "site02/amko.yaml": release(flag + lists.format("        - clusterContext: b-admin@b\n")),
    }
    assert fix(put(tmp_path, files), "AMK111") == files


def test_the_checksum_follows_what_is_mended(tmp_path: Path) -> None:
    values = (
        FOLLOWER + "    tolerations:\n      - key: gslb-estate/values-checksum\n        value: {0} # rolls the pod\n"
    )
    inner = exact.load_all(release(values.format("x")).encode(), "a")[0].value["spec"]["values"]
    text = release(values.format(checksum(inner)))
    after = fix(put(tmp_path, {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": text}), "AMK103", "AKO126")
    inner["federation"]["currentClusterIsLeader"] = False
    assert f"value: {checksum(inner)} # rolls the pod\n" in after["site02/amko.yaml"].replace('"', "")
    assert "currentClusterIsLeader: false" in after["site02/amko.yaml"]


def test_rules_that_run_in_another_process_mend_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ambiguous = "apiVersion: v1\nkind: Namespace\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nx: 12:30\n"
    encrypted = ambiguous + "sops: {mac: x}\n"
    files = {
        "site01/amko.yaml": release(LEADER),
        "site02/amko.yaml": release(FOLLOWER),
        "a.yaml": ambiguous,
        "b.yaml": encrypted,
    }
    alone = fix(put(tmp_path / "alone", files), "AMK103", "YML701")
    monkeypatch.setattr(runner, "WORTH_A_FORK", 0)
    assert fix(put(tmp_path / "forked", files), "AMK103", "YML701") == alone
    assert alone["a.yaml"] == ambiguous.replace("12:30", '"12:30"') and alone["b.yaml"] == encrypted
    assert "Leader: false" in alone["site02/amko.yaml"]


def test_diff_shows_what_fix_does_and_changes_nothing(tmp_path: Path) -> None:
    files = {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": release(FOLLOWER)}
    put(tmp_path, files)
    code, shown, _ = estate(tmp_path, "--diff", "--fix", "--select", "AMK103")
    assert code == 1
    assert {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.yaml")} == files
    assert shown.startswith("--- a/site02/amko.yaml\n+++ b/site02/amko.yaml\n@@ ")
    assert [line for line in shown.splitlines() if line[:1] in "+-"][2:] == ["+      currentClusterIsLeader: false"]
    code, out, said = estate(tmp_path, "--fix", "--select", "AMK103")
    assert (code, said) == (0, "mended site02/amko.yaml:10: AMK103 leader-flag-not-set\n")
    assert out == "no findings in 2 files, 2 documents\n"
    assert estate(tmp_path, "--diff", "--select", "AMK103") == (0, "", "")


def test_what_stays_is_reported_after_a_fix(tmp_path: Path) -> None:
    files = {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": release(FOLLOWER), "broken.yaml": "a: [\n"}
    code, out, said = estate(put(tmp_path, files), "--fix", "--select", "AMK103", "--select", "YML101")
    assert code == 1 and "YML101" in out and said.count("mended") == 1


def test_suppressed_and_known_findings_are_not_mended(tmp_path: Path) -> None:
    text = release(FOLLOWER).replace("# its own name", "# estate: ignore[AMK103] the chart decides")
    files = {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": text}
    assert fix(put(tmp_path, files), "AMK103") == files
    files["site02/amko.yaml"] = release(FOLLOWER)
    put(tmp_path, files)
    estate(tmp_path, "--select", "AMK103", "--write-baseline", "known.yml")
    estate(tmp_path, "--select", "AMK103", "--baseline", "known.yml", "--fix")
    assert (tmp_path / "site02/amko.yaml").read_text() == files["site02/amko.yaml"]


def test_links_are_not_mended_but_the_file_is(tmp_path: Path) -> None:
    files = {"site01/amko.yaml": release(LEADER), "real/amko.yaml": release(FOLLOWER)}
    root = put(tmp_path / "root", files)
    outside = put(tmp_path / "outside", {"amko.yaml": release(FOLLOWER)})
    (root / "site02").mkdir()
    (root / "site02/amko.yaml").symlink_to("../real/amko.yaml")
    (root / "site03").symlink_to(outside)
    code, _, said = estate(root, "--fix", "--select", "AMK103")
    assert said == "mended real/amko.yaml:10: AMK103 leader-flag-not-set\n" and code == 0
    assert (root / "site02/amko.yaml").is_symlink()
    assert (outside / "amko.yaml").read_text() == release(FOLLOWER)


def test_a_severity_of_the_settings_wins_over_that_of_a_finding(tmp_path: Path) -> None:
    files = {"site01/amko.yaml": release(LEADER), "site02/amko.yaml": release(FOLLOWER, version="2.1.1")}
    put(tmp_path, files)
    assert ": error AMK103" in estate(tmp_path, "--select", "AMK103")[1]
    (tmp_path / ".estate.toml").write_text('[severity]\nleader-flag-not-set = "info"\n')
    assert ": info AMK103" in estate(tmp_path, "--select", "AMK103")[1]
