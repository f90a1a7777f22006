"""`estate members rbac`: the account that AMKO needs in a member, the same as in a rendered repository."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.members.conftest import LAB, SITES, Estate
from validator.facts import amko

CLUSTERS = [cluster for cluster, _ in SITES.values()]


def objects(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text) if one is not None]


def allowed(found: list[dict[str, Any]], kind: str) -> dict[tuple[str, str], set[str]]:
    """Return what roles of a kind allow, by group and resource."""
    rules = [rule for one in found if one["kind"] == kind for rule in one["rules"]]
    return {
        (group, resource): set(rule["verbs"])
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def test_the_account_is_the_one_of_the_rendered_repository(
    estate: Estate, repository: Callable[[str], Path], tmp_path: Path
) -> None:
    root = repository("sops")
    result = estate("members", "rbac", "--estate", root, "-o", tmp_path / "rbac")
    assert result.code == 0, result
    for cluster in CLUSTERS:
        (file,) = root.glob(f"sites/*/clusters/{cluster}/secrets/*/member.yaml")
        assert (tmp_path / "rbac" / f"{cluster}.yaml").read_bytes() == file.read_bytes()
    assert sorted(path.name for path in (tmp_path / "rbac").iterdir()) == [f"{one}.yaml" for one in CLUSTERS]


def test_every_call_of_amko_is_allowed_and_no_other_is(estate: Estate) -> None:
    found = objects(estate("members", "rbac", cwd=Path(__file__).parent).out)
    reads, federates = allowed(found, "ClusterRole"), allowed(found, "Role")
    for one in amko.member_access():
        granted = (federates if one.federator else reads)[one.group, one.resource]
        assert set(one.called) <= granted == set(one.granted)
    assert set(reads) | set(federates) == {(one.group, one.resource) for one in amko.member_access()}
    # Nothing that writes, and no Secret, outside of AMKO's own objects in its own namespace.
    assert all(verbs == {"get", "list", "watch"} for verbs in reads.values())
    assert {group for group, _ in federates} == {"amko.vmware.com"} and "secrets" not in str(list(reads))
    assert federates["amko.vmware.com", "amkoclusters"] == {"list"}
    assert "patch" not in federates["amko.vmware.com", "gslbconfigs"]


def test_account_token_and_bindings_belong_together(estate: Estate) -> None:
    found = objects(estate("members", "rbac", "--namespace", "gslb-accounts", cwd=Path(__file__).parent).out)
    assert [one["kind"] for one in found] == [
        *("ServiceAccount", "Secret", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
    ]
    account, token, role, binding, own, bound = found
    assert account["metadata"] == {"name": "amko-member", "namespace": "gslb-accounts"}
    assert token["type"] == "kubernetes.io/service-account-token" and token["metadata"]["namespace"] == "gslb-accounts"
    assert token["metadata"]["annotations"] == {"kubernetes.io/service-account.name": "amko-member"}
    subject = {"kind": "ServiceAccount", "name": "amko-member", "namespace": "gslb-accounts"}
    for one, target in ((binding, role), (bound, own)):
        assert one["subjects"] == [subject]
        assert (one["roleRef"]["kind"], one["roleRef"]["name"]) == (target["kind"], target["metadata"]["name"])
    # The federator works there, wherever the account is.
    assert own["metadata"]["namespace"] == bound["metadata"]["namespace"] == "avi-system"


def test_what_a_cluster_does_not_run_is_not_allowed(estate: Estate, tmp_path: Path) -> None:
    text = LAB.read_text()
    second = text.index("name: site02")
    mine = tmp_path / "estate.yaml"
    mine.write_text(text[:second] + text[second:].replace("amko: true", "amko: false", 1))
    first, other = (objects(estate("members", "rbac", "--estate", mine, "--cluster", one).out) for one in CLUSTERS)
    assert {one["kind"] for one in first} - {one["kind"] for one in other} == {"Role", "RoleBinding"}
    mine.write_text(text[:second] + text[second:].replace("amko: true", "amko: true\n        member: false", 1))
    kinds = {one["kind"] for one in objects(estate("members", "rbac", "--estate", mine, "--cluster", CLUSTERS[1]).out)}
    assert kinds == {"ServiceAccount", "Secret", "Role", "RoleBinding"}


def test_the_release_decides(estate: Estate) -> None:
    for release, called in (("1.9.1", ("list", "watch")), ("1.13.1", ("get", "list", "watch"))):
        (namespaces,) = [one for one in amko.member_access(release) if one.resource == "namespaces"]
        assert namespaces.called == called


def test_the_manifests_are_valid_and_amk117_is_content(estate: Estate, repository: Callable[[str], Path]) -> None:
    result = estate("validate", repository("sops"), "--kubeconform", "off", "--format", "json")
    assert [one for one in result.report["findings"] if "member.yaml" in one["path"]] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--cluster", "nsxbaas-tkg-wld-site1"), "did you mean `nsxbaas-tkg-wld-site01`?"),
        (("--cluster", "x"), "AMKO looks into no cluster `x`"),
        (("--namespace", "Kube_System"), "is no namespace"),
        (("--namespace", ""), "is no namespace"),
    ],
)
def test_names_that_are_none(arguments: tuple[str, ...], message: str, estate: Estate) -> None:
    result = estate("members", "rbac", "--estate", LAB, *arguments)
    assert result.code == 2 and message in result.err


def test_files_that_are_there_stay(estate: Estate, tmp_path: Path) -> None:
    (tmp_path / f"{CLUSTERS[1]}.yaml").write_text("mine")
    result = estate("members", "rbac", "--estate", LAB, "-o", tmp_path)
    assert result.code == 2 and "is there already" in result.err
    assert [path.name for path in tmp_path.iterdir()] == [f"{CLUSTERS[1]}.yaml"]
    (tmp_path / "file").write_text("x")
    result = estate("members", "rbac", "--estate", LAB, "-o", tmp_path / "file" / "below")
    assert result.code == 2 and "cannot be written" in result.err


def test_shell_completion_knows_the_verbs_below(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import ShellComplete

    from validator.cli import group

    complete = ShellComplete(group, {}, "estate", "_ESTATE_COMPLETE")
    assert {item.value for item in complete.get_completions(["members"], "")} == {"merge", "check", "rbac"}
    assert "--token-secret" in {item.value for item in complete.get_completions(["members", "merge"], "--t")}
