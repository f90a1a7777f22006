"""`estate members merge` from the command line: what comes out, under which names, and where it may be written."""

import base64
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.members.conftest import LAB, SITES, Estate, Pki, encoded, make_kubeconfig, write

FIRST, SECOND = (f"{name}-admin@{name}" for name, _ in SITES.values())


def merged(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def names(config: dict[str, Any], key: str) -> list[str]:
    return [item["name"] for item in config[key]]


def test_two_sites_become_one_file_for_its_owner_alone(
    estate: Estate, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    output = tmp_path / "members.yaml"
    old = os.umask(0)
    try:
        result = estate("members", "merge", *sites, "--estate", LAB, "-o", output)
    finally:
        os.umask(old)
    assert result.code == 0, result
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    config = merged(output)
    assert names(config, "contexts") == [FIRST, SECOND]
    assert config["contexts"][0]["context"] == {"cluster": SITES["site01"][0], "user": f"{SITES['site01'][0]}-admin"}
    given = [json.loads(path.read_text()) for path in sites]
    assert config["users"] == [given[0]["users"][0], given[1]["users"][0]]
    assert {item["name"]: item["cluster"] for item in config["clusters"]} == {
        item["name"]: item["cluster"] for one in given for item in one["clusters"]
    }
    assert f"{FIRST}: 192.168.60.40:6443, certificate authority until" in result.out
    assert "client certificate until" in result.out and "(365 days)" in result.out
    assert not list(tmp_path.glob(".*"))


def test_the_order_of_the_files_changes_nothing(estate: Estate, sites: tuple[Path, Path], tmp_path: Path) -> None:
    for number, files in enumerate((sites, sites[::-1])):
        assert estate("members", "merge", *files, "--estate", LAB, "-o", tmp_path / str(number)).code == 0
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()


def test_without_a_place_to_write_nothing_is_written(estate: Estate, sites: tuple[Path, Path], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert estate("members", "merge", *sites, "--estate", LAB).code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_files_beside_the_kubeconfig_are_taken_in(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    (folder / "pki").mkdir(parents=True)
    (folder / "pki" / "ca.crt").write_bytes(pki.authority)
    (folder / "own.crt").write_bytes(pki.certificate)
    (tmp_path / "own.key").write_bytes(pki.key)
    (folder / "token").write_text("  a-bearer-token\n")
    name, server = SITES["site01"]
    user = {"client-certificate": "own.crt", "client-key": str(tmp_path / "own.key")}
    cluster = {"certificate-authority-data": None, "certificate-authority": "pki/ca.crt"}
    first = write(folder / "a", make_kubeconfig(name, server, pki, user=user, cluster=cluster))
    name, server = SITES["site02"]
    second = write(folder / "b", make_kubeconfig(name, server, pki, user={"tokenFile": "token", "token": "older"}))
    output = tmp_path / "out"
    result = estate("members", "merge", first, second, "--estate", LAB, "-o", output)
    assert result.code == 0, result
    config = merged(output)
    assert config["clusters"][0]["cluster"] == {
        "server": SITES["site01"][1],
        "certificate-authority-data": encoded(pki.authority),
    }
    assert [item["user"] for item in config["users"]] == [
        {"client-certificate-data": encoded(pki.certificate), "client-key-data": encoded(pki.key)},
        {"token": "a-bearer-token"},
    ]


@pytest.mark.parametrize(
    ("field", "content", "message"),
    [
        ("certificate-authority", None, "does not exist"),
        ("certificate-authority", b"root:x:0:0:root:/root", "holds nothing in PEM form"),
        ("certificate-authority", b"", "holds nothing in PEM form"),
        ("certificate-authority", b"-----BEGIN" + b"x" * 1024 * 1024, "is larger than 1024 KiB"),
    ],
)
def test_a_file_that_cannot_be_taken_in(
    field: str, content: bytes | None, message: str, estate: Estate, pki: Pki, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "ca").write_bytes(content)
    name, server = SITES["site01"]
    value = make_kubeconfig(name, server, pki, cluster={"certificate-authority-data": None, field: "ca"})
    result = estate("members", "merge", write(tmp_path / "a", value), "--estate", LAB)
    assert result.code == 2
    assert message in result.err and f"{tmp_path}/a:" in result.err and "root:x" not in result.err


def test_a_path_beside_data_is_refused_as_kubectl_does(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    value = make_kubeconfig(*SITES["site01"], pki, cluster={"certificate-authority": "ca"})
    result = estate("members", "merge", write(tmp_path / "a", value), "--estate", LAB)
    assert result.code == 2 and "has both `certificate-authority` and `certificate-authority-data`" in result.err


def test_a_relative_path_from_standard_input_has_no_folder(estate: Estate, pki: Pki) -> None:
    value = make_kubeconfig(
        *SITES["site01"], pki, cluster={"certificate-authority-data": None, "certificate-authority": "ca"}
    )
    result = estate("members", "merge", "-", "--estate", LAB, stdin=json.dumps(value).encode())
    assert result.code == 2 and "relative to a folder that is not known" in result.err


def test_contexts_are_named_after_the_member_at_their_server(
    estate: Estate, pki: Pki, other_pki: Pki, tmp_path: Path
) -> None:
    files = [
        write(
            tmp_path / site, make_kubeconfig("kubernetes", SITES[site][1], own, context="kubernetes-admin@kubernetes")
        )
        for site, own in (("site01", pki), ("site02", other_pki))
    ]
    output = tmp_path / "out"
    result = estate("members", "merge", *files, "--estate", LAB, "-o", output)
    assert result.code == 0, result
    config = merged(output)
    assert names(config, "contexts") == [FIRST, SECOND]
    assert names(config, "clusters") == ["kubernetes", "kubernetes-2"]
    assert names(config, "users") == ["kubernetes-admin", "kubernetes-admin-2"]
    assert [item["context"]["cluster"] for item in config["contexts"]] == ["kubernetes", "kubernetes-2"]
    assert [item["cluster"]["server"] for item in config["clusters"]] == [SITES["site01"][1], SITES["site02"][1]]
    assert [item["user"]["client-key-data"] for item in config["users"]] == [encoded(pki.key), encoded(other_pki.key)]
    assert f"{FIRST} (was kubernetes-admin@kubernetes)" in result.out


def test_two_contexts_for_one_member_must_be_chosen_from(
    estate: Estate, pki: Pki, other_pki: Pki, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    server = SITES["site01"][1]
    files = [
        write(tmp_path / name, make_kubeconfig(name, server, own, context=name))
        for name, own in (("anna", pki), ("bert", other_pki))
    ]
    result = estate("members", "merge", *files, sites[1], "--estate", LAB, "--format", "json")
    assert result.code == 1
    assert ("context-given-twice", "error") in result.found
    message = next(one["message"] for one in result.report["findings"] if one["name"] == "context-given-twice")
    assert message.startswith("contexts `anna` and `bert` both lead to member")
    output = tmp_path / "out"
    again = estate("members", "merge", *files, sites[1], "--estate", LAB, "--rename", f"bert={FIRST}", "-o", output)
    assert again.code == 0, again
    assert merged(output)["users"][0] == {
        "name": "bert-admin",
        "user": {"client-certificate-data": encoded(other_pki.certificate), "client-key-data": encoded(other_pki.key)},
    }


def test_one_name_for_two_things_shows_both_places(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    first = write(tmp_path / "a", make_kubeconfig("c", "https://10.0.0.1:6443", pki, context="same"))
    second = write(tmp_path / "b", make_kubeconfig("c", "https://10.0.0.2:6443", pki, context="same"))
    result = estate("members", "merge", first, second, "-o", tmp_path / "out", cwd=tmp_path)
    assert result.code == 1
    assert (
        f"{second}:" in result.out
        and f"note: {first}:" in result.out
        and "is given twice, and differently" in result.out
    )
    assert not (tmp_path / "out").exists() and "nothing was written" in result.err


def test_the_same_context_twice_is_one(estate: Estate, sites: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(sites[0].read_bytes())
    output = tmp_path / "out"
    result = estate("members", "merge", *sites, copy, "--estate", LAB, "-o", output)
    assert result.code == 0, result
    config = merged(output)
    assert [len(config[key]) for key in ("clusters", "users", "contexts")] == [2, 2, 2]


def test_what_is_no_member_is_left_out_unless_asked_for(
    estate: Estate, pki: Pki, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    # It needs no plugin and no file, since nobody looks at it.
    laptop = make_kubeconfig("kind", "https://127.0.0.1:36443", pki, user={"exec": {"command": "login"}})
    extra = write(tmp_path / "kind", laptop)
    result = estate("members", "merge", *sites, extra, "--estate", LAB, "-o", tmp_path / "some")
    assert result.code == 0, result
    assert names(merged(tmp_path / "some"), "contexts") == [FIRST, SECOND]
    assert names(merged(tmp_path / "some"), "users") == [f"{name}-admin" for name, _ in SITES.values()]
    result = estate("members", "merge", *sites, extra, "--estate", LAB, "--all", "-o", tmp_path / "all")
    assert result.code == 1 and "which AMKO's pod cannot run" in result.out
    result = estate(
        "members", "merge", *sites, extra, "--estate", LAB, "--all", "--ignore", "MBR108", "-o", tmp_path / "all"
    )
    assert result.code == 0, result
    assert names(merged(tmp_path / "all"), "contexts") == ["kind-admin@kind", FIRST, SECOND]


@pytest.mark.parametrize(
    ("rename", "message"),
    [
        ("nothing", "is not of the form OLD=NEW"),
        ("=b", "is not of the form OLD=NEW"),
        ("absent=b", "no kubeconfig has a context `absent`"),
    ],
)
def test_a_rename_that_names_nothing(rename: str, message: str, estate: Estate, sites: tuple[Path, Path]) -> None:
    result = estate("members", "merge", *sites, "--estate", LAB, "--rename", rename)
    assert result.code == 2 and message in result.err


def test_a_name_with_an_equals_sign_can_be_renamed(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    file = write(tmp_path / "a", make_kubeconfig("c", "https://10.0.0.1:6443", pki, context="a=b"))
    output = tmp_path / "out"
    result = estate("members", "merge", file, "--rename", "a=b=right", "-o", output, cwd=tmp_path)
    assert result.code == 0, result
    assert names(merged(output), "contexts") == ["right"]


def test_a_file_that_is_there_stays(estate: Estate, sites: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.write_text("mine")
    arguments = ("members", "merge", *sites, "--estate", LAB, "-o", output)
    result = estate(*arguments)
    assert result.code == 2 and "is there already" in result.err and "--force" in result.err
    assert output.read_text() == "mine"
    output.chmod(0o644)
    assert estate(*arguments, "--force").code == 0
    assert stat.S_IMODE(output.stat().st_mode) == 0o600 and output.read_text() != "mine"


def test_links_folders_and_pipes_are_no_place_to_write(
    estate: Estate, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "dangling", "pipe", "."):
        result = estate("members", "merge", *sites, "--estate", LAB, "--force", "-o", tmp_path / name)
        assert result.code == 2 and "no regular file" in result.err, name
    for name in ("-", "/dev/stdout"):
        result = estate("members", "merge", *sites, "--estate", LAB, "-o", name)
        assert result.code == 2 and "are not written to a terminal" in result.err
    result = estate("members", "merge", *sites, "--estate", LAB, "-o", tmp_path / "no" / "folder")
    assert result.code == 2 and "its folder does not exist" in result.err
    assert (tmp_path / "target").read_text() == "mine" and not (tmp_path / "nowhere").exists()


def test_git_must_ignore_what_is_written_into_its_work_tree(
    estate: Estate, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", work], check=True)
    (work / ".gitignore").write_text("*.kubeconfig\n")
    (work / "tracked.kubeconfig").write_text("x")
    subprocess.run(["git", "-C", work, "add", "-f", "tracked.kubeconfig"], check=True)
    arguments = ("members", "merge", *sites, "--estate", LAB, "--force", "-o")
    for name in ("members.yaml", "deep/members.yaml", "tracked.kubeconfig", ".git/hooks/../../x"):
        result = estate(*arguments, work / name)
        assert result.code == 2 and "does not ignore it" in result.err, name
    (tmp_path / "way").symlink_to(work / "deep")
    result = estate(*arguments, tmp_path / "way" / "members.yaml")
    assert result.code == 2 and "does not ignore it" in result.err
    assert estate(*arguments, work / "deep" / "members.kubeconfig").code == 0


def test_the_folder_of_an_estate_counts_before_it_is_a_git_repository(
    estate: Estate, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "estate.yaml").write_bytes(LAB.read_bytes())
    result = estate("members", "merge", *sites, "-o", "members.kubeconfig", cwd=folder)
    assert result.code == 2 and "no Git repository yet" in result.err
    assert not (folder / "members.kubeconfig").exists()


def test_a_member_from_the_token_secret_of_its_account(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    files = []
    for name, _ in SITES.values():
        data = {"ca.crt": encoded(pki.authority), "token": encoded(f"token-of-{name}".encode()), "namespace": "YXZp"}
        kind = "kubernetes.io/service-account-token"
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "amko-member"}, "type": kind, "data": data}
        files.append(f"{name}={write(tmp_path / name, secret)}")
    output = tmp_path / "out"
    options = [part for file in files for part in ("--token-secret", file)]
    result = estate("members", "merge", "--estate", LAB, *options, "-o", output)
    assert result.code == 0, result
    config = merged(output)
    assert names(config, "contexts") == [FIRST, SECOND]
    assert [item["cluster"]["server"] for item in config["clusters"]] == [server for _, server in SITES.values()]
    assert [item["user"] for item in config["users"]] == [{"token": f"token-of-{name}"} for name, _ in SITES.values()]
    assert base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]) == pki.authority
    assert "token without end" in result.out and "system:masters" not in result.out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nobody={file}", "`nobody` is no member of the estate"),
        ("nsxbaas-tkg-wld-site1={file}", "did you mean `nsxbaas-tkg-wld-site01`?"),
        ("nsxbaas-tkg-wld-site01", "is not of the form CLUSTER=FILE"),
        ("nsxbaas-tkg-wld-site01={file}", "the token Secret is not filled"),
    ],
)
def test_a_token_secret_that_is_none(given: str, message: str, estate: Estate, tmp_path: Path) -> None:
    kind = "kubernetes.io/service-account-token"
    file = write(tmp_path / "s", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "type": kind})
    result = estate("members", "merge", "--estate", LAB, "--token-secret", given.format(file=file))
    assert result.code == 2 and message in result.err
