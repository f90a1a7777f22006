"""`--base`: the state at a revision, read from a real git repository in a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from validator.errors import InputError, ToolError
from validator.read import history
from validator.read.files import readable
from validator.read.history import files_at

AMKO = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: amko, namespace: avi-system}}
spec:
  chart: {{spec: {{chart: amko, version: 1.10.1, sourceRef: {{kind: HelmRepository, name: ako}}}}}}
  values:
    configs: {{amkoUUID: {uuid}}}
    federation: {{currentCluster: a-admin@a, currentClusterIsLeader: true, memberClusters: [a-admin@a]}}
"""
FIRST, SECOND = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "2b4e28ba-2fa1-41d2-883f-0016d3cca427"


def git(folder: Path, *arguments: str) -> str:
    """Run git without anybody's settings."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {**plain, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"]
    options = [*identity, "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", "-C", str(folder), *options, *arguments], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str | bytes | None], message: str = "a change") -> str:
    """Write files (None takes one away), commit them all and return the commit."""
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def paths(root: Path, revision: str) -> list[str]:
    return [file.path for file in files_at(root, revision)]


def test_files_of_a_revision_not_of_the_work_tree(repo: Path) -> None:
    first = commit(repo, {"a.yaml": "a: 1\n", "b/c.yml": "c: 1\n", "notes.txt": "x"})
    commit(repo, {"a.yaml": "a: 2\n", "b/c.yml": None, "d.yaml": "d: 1\n"})
    (repo / "a.yaml").write_text("a: 3\n")
    found = {file.path: file.data for file in files_at(repo, first)}
    assert found == {"a.yaml": b"a: 1\n", "b/c.yml": b"c: 1\n"}
    assert {file.path: file.data for file in files_at(repo, "HEAD")} == {"a.yaml": b"a: 2\n", "d.yaml": b"d: 1\n"}
    assert git(repo, "status", "--porcelain") == "M a.yaml"


@pytest.mark.parametrize("name", ["main", "HEAD~1", "v1", "main@{0}"])
def test_any_name_of_a_commit(repo: Path, name: str) -> None:
    commit(repo, {"a.yaml": "a: 1\n"}, "first")
    git(repo, "tag", "-a", "v1", "-m", "one")
    commit(repo, {"a.yaml": "a: 2\n"}, "second")
    assert paths(repo, name) == ["a.yaml"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-x",
        "--all",
        "--output=/tmp/x",
        "^HEAD",
        "nowhere",
        "HEAD:a.yaml",
        "HEAD..HEAD",
        "a\0b",
        "a\nHEAD",
        "é\x1b[31m",
    ],
)
def test_what_is_no_revision(repo: Path, name: str) -> None:
    commit(repo, {"a.yaml": "a: 1\n"})
    with pytest.raises(InputError) as raised:
        paths(repo, name)
    assert "revision" in raised.value.message
    assert raised.value.message.isprintable()


def test_a_subfolder_of_the_repository_is_the_root(repo: Path) -> None:
    first = commit(repo, {"estate/a.yaml": "a: 1\n", "estate2/b.yaml": "b: 1\n", "c.yaml": "c: 1\n"})
    assert paths(repo / "estate", first) == ["a.yaml"]


def test_a_root_that_did_not_exist_yet(repo: Path) -> None:
    first = commit(repo, {"a.yaml": "a: 1\n"})
    commit(repo, {"estate/a.yaml": "a: 1\n"})
    assert paths(repo / "estate", first) == []


def test_folders_that_the_work_tree_skips(repo: Path) -> None:
    first = commit(repo, {".github/a.yaml": "a: 1\n", "node_modules/b.yaml": "b: 1\n", "ok/.c.yaml": "c: 1\n"})
    assert paths(repo, first) == ["ok/.c.yaml"]


def test_names_that_are_not_ascii_and_not_utf8(repo: Path) -> None:
    name = os.fsdecode(b'caf\xe9 \xc3\xbc\n\t"x".yaml')
    try:
        first = commit(repo, {name: "a: 1\n", "ü/ä b.yaml": "a: 2\n"})
    except (OSError, UnicodeError):
        pytest.skip("the file system takes no such name")
    assert set(paths(repo, first)) == {readable(name), "ü/ä b.yaml"}


def test_links_are_followed_within_the_repository_only(repo: Path) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "link.yaml").symlink_to("../a.yaml")
    (repo / "again.yaml").symlink_to("sub/link.yaml")
    (repo / "data.yaml").symlink_to("data.txt")
    (repo / "out.yaml").symlink_to("/etc/hostname")
    (repo / "up.yaml").symlink_to("../../a.yaml")
    (repo / "self.yaml").symlink_to("self.yaml")
    first = commit(repo, {"a.yaml": "a: 1\n", "data.txt": "d: 1\n"})
    found = {file.path: file.data for file in files_at(repo, first)}
    assert found == {"a.yaml": b"a: 1\n", "sub/link.yaml": b"a: 1\n", "again.yaml": b"a: 1\n", "data.yaml": b"d: 1\n"}


def test_submodules_are_not_entered(repo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    commit(other, {"x.yaml": "x: 1\n"})
    git(repo, "submodule", "add", "-q", str(other), "sub.yaml")
    first = commit(repo, {"a.yaml": "a: 1\n"})
    assert paths(repo, first) == ["a.yaml"]


def test_files_too_long_are_left_out(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_BYTES", 10)
    first = commit(repo, {"a.yaml": "a: 1\n", "b.yaml": "b: 123456789\n"})
    assert paths(repo, first) == ["a.yaml"]


def test_a_listing_of_many_files(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = commit(repo, {f"site{n:04}/a.yaml": f"a: {n % 7}\n" for n in range(1500)})
    assert len(paths(repo, first)) == 1500
    monkeypatch.setattr(history, "MAX_FILES", 100)
    assert len(paths(repo, first)) == 100


def test_a_shallow_clone_says_so(repo: Path, tmp_path: Path) -> None:
    first = commit(repo, {"a.yaml": "a: 1\n"})
    commit(repo, {"a.yaml": "a: 2\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", repo.as_uri(), "shallow")
    for revision in ("HEAD~1", first):
        with pytest.raises(InputError) as raised:
            paths(tmp_path / "shallow", revision)
        assert "shallow" in str(raised.value)


def test_a_clone_that_lost_an_object(repo: Path) -> None:
    first = commit(repo, {"a.yaml": "a: 1\n"})
    oid = git(repo, "rev-parse", "HEAD:a.yaml")
    (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(InputError, match="missing"):
        paths(repo, first)


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a git repository"):
        paths(tmp_path, "HEAD")


def test_an_empty_repository(repo: Path) -> None:
    with pytest.raises(InputError, match="unknown revision"):
        paths(repo, "HEAD")


def test_no_git(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo))
    with pytest.raises(ToolError, match="needs git"):
        paths(repo, "HEAD")


def test_the_variables_of_a_hook_do_not_mislead(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = commit(repo, {"estate/a.yaml": "a: 1\n"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", "x")
    assert paths(repo / "estate", first) == ["a.yaml"]


def run(*arguments: str) -> tuple[int, str]:
    """Run the real command in a process of its own; return its exit code and all that it printed."""
    command = [sys.executable, "-m", "validator", "validate", "--kubeconform", "off", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_command_compares_with_a_revision(repo: Path) -> None:
    first = commit(repo, {"site01/amko.yaml": AMKO.format(uuid=FIRST)})
    commit(repo, {"site01/amko.yaml": AMKO.format(uuid=SECOND)})
    code, text = run(str(repo), "--select", "AMK901", "--base", first)
    assert code == 1
    assert text.startswith("site01/amko.yaml:7:") and FIRST in text
    assert run(str(repo), "--select", "AMK901") == (0, "no findings in 1 files, 1 documents\n")
    assert run(str(repo), "--select", "AMK901", "--base", "HEAD")[0] == 0


def test_the_command_reads_the_base_of_a_subfolder(repo: Path) -> None:
    first = commit(repo, {"gitops/site01/amko.yaml": AMKO.format(uuid=FIRST)})
    commit(repo, {"gitops/site01/amko.yaml": AMKO.format(uuid=SECOND)})
    code, text = run(str(repo / "gitops"), "--select", "AMK901", "--base", first)
    assert code == 1 and text.startswith("site01/amko.yaml:7:")


def test_what_is_excluded_is_excluded_before_too(repo: Path) -> None:
    first = commit(repo, {"old/amko.yaml": AMKO.format(uuid=FIRST), "site01/amko.yaml": AMKO.format(uuid=SECOND)})
    commit(repo, {".estate.toml": 'exclude = ["old/*"]\n', "old/amko.yaml": "{broken\n"})
    assert run(str(repo), "--base", first, "--select", "AMK9", "--select", "GDP9")[0] == 0


@pytest.mark.parametrize("revision", ["nowhere", "-x", "HEAD~9"])
def test_the_command_exits_2_for_an_unknown_revision(repo: Path, revision: str) -> None:
    commit(repo, {"site01/amko.yaml": AMKO.format(uuid=FIRST)})
    code, text = run(str(repo), f"--base={revision}")
    assert code == 2
    assert revision in text and "Traceback" not in text


def test_the_command_exits_2_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    assert run(str(tmp_path), "--base", "HEAD")[0] == 2


def test_a_change_that_is_meant_is_suppressed_until_the_next_one(repo: Path) -> None:
    first = commit(repo, {"site01/amko.yaml": AMKO.format(uuid=FIRST)})
    meant = AMKO.format(uuid=SECOND).replace(f"{SECOND}}}", f"{SECOND}}} # estate: ignore[uuid-changed] a new estate")
    second = commit(repo, {"site01/amko.yaml": meant})
    select = ("--select", "AMK901,YML802")
    assert run(str(repo), *select, "--base", first) == (0, "no findings, 1 suppressed in 1 files, 1 documents\n")
    assert run(str(repo), *select) == (0, "no findings in 1 files, 1 documents\n")
    assert "YML802" in run(str(repo), *select, "--base", second)[1]
