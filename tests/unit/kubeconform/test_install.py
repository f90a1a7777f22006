"""Install kubeconform: every way and every failure of it, without a network."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from validator.kubeconform import binary
from validator.kubeconform import install as installer

PROGRAM = b"#!/bin/sh\necho v0.7.0\n"


def archive(name: str = "kubeconform") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as out:
        member = tarfile.TarInfo(name)
        member.size = len(PROGRAM)
        out.addfile(member, io.BytesIO(PROGRAM))
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be a Linux machine with nothing installed and no network."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv(binary.VARIABLE, raising=False)
    offer(monkeypatch, urllib.error.URLError("no network"))


def offer(monkeypatch: pytest.MonkeyPatch, answer: bytes | Exception) -> list[str]:
    """Let every download give `answer`; return the list that the addresses go to."""
    asked: list[str] = []

    def urlopen(url: str, timeout: float) -> io.BytesIO:
        assert timeout > 0
        asked.append(url)
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return asked


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = installer.main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_release_archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    data = archive()
    monkeypatch.setitem(installer.SHA256, "linux-amd64", hashlib.sha256(data).hexdigest())
    asked = offer(monkeypatch, data)
    code, out, _ = run(capsys, str(tmp_path / "bin"))
    assert (code, out) == (0, f"kubeconform 0.7.0 installed as {tmp_path / 'bin' / 'kubeconform'}\n")
    assert asked == [f"{installer.RELEASES}/v0.7.0/kubeconform-linux-amd64.tar.gz"]
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["kubeconform"]
    code, out, _ = run(capsys, str(tmp_path / "bin"))
    assert (code, out) == (0, f"kubeconform 0.7.0 found as {tmp_path / 'bin' / 'kubeconform'}\n")
    assert len(asked) == 1


def test_another_archive_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    offer(monkeypatch, archive())
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "is expected; it was not installed" in err
    assert not (tmp_path / "bin").exists()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64", "arm64", "AMD64"])
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_every_pinned_platform(system: str, machine: str) -> None:
    assert len(installer.SHA256[f"{system}-{installer.MACHINES[machine.lower()]}"]) == 64


def test_a_recent_one_on_path_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "empty").mkdir()
    found = tmp_path / "empty" / "kubeconform"
    found.write_bytes(PROGRAM)
    found.chmod(0o755)
    assert run(capsys, str(tmp_path / "bin")) == (0, f"kubeconform 0.7.0 found as {found}\n", "")
    found.write_bytes(PROGRAM.replace(b"0.7.0", b"0.6.7"))
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "could not be installed" in err


def test_no_network_and_no_go(tmp_path: Path, capsys: Any) -> None:
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "cannot be read (no network)" in err
    assert "`go`, which could build it, is not on PATH" in err
    assert "--kubeconform off" in err


def go(tmp_path: Path, body: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "go").write_text(f"#!{sys.executable}\nimport os, pathlib, sys\n{body}\n", encoding="utf-8")
    (folder / "go").chmod(0o755)


@pytest.mark.parametrize("answer", [urllib.error.URLError("refused"), TimeoutError("late"), b"<html>blocked</html>"])
def test_go_builds_it_where_the_release_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any, answer: Any
) -> None:
    offer(monkeypatch, answer)
    go(
        tmp_path,
        "assert sys.argv[1:] == ['install', 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0']\n"
        "target = pathlib.Path(os.environ['GOBIN']) / 'kubeconform'\n"
        f"target.write_bytes({PROGRAM!r}); target.chmod(0o755)",
    )
    code, out, _ = run(capsys, str(tmp_path / "bin"))
    assert code == 0
    assert out.endswith(f"kubeconform 0.7.0 installed as {tmp_path / 'bin' / 'kubeconform'}\n")


def test_a_platform_without_a_pinned_archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    asked = offer(monkeypatch, archive())
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "no release archive is pinned for linux-riscv64" in err
    assert not asked


def test_go_fails(tmp_path: Path, capsys: Any) -> None:
    go(tmp_path, "sys.stderr.write('first\\nproxy.golang.org: no such host'); sys.exit(1)")
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "failed (proxy.golang.org: no such host)" in err


def test_an_archive_without_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    data = archive("README")
    monkeypatch.setitem(installer.SHA256, "linux-amd64", hashlib.sha256(data).hexdigest())
    offer(monkeypatch, data)
    code, _, err = run(capsys, str(tmp_path / "bin"))
    assert code == 2
    assert "holds no kubeconform" in err


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    data = archive()
    monkeypatch.setitem(installer.SHA256, "linux-amd64", hashlib.sha256(data).hexdigest())
    offer(monkeypatch, data)
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = run(capsys, str(tmp_path / "file" / "bin"))
    assert code == 2
    assert "cannot be written" in err


def test_arguments(capsys: Any) -> None:
    assert run(capsys, "--help")[0] == 0
    assert run(capsys, "--folder")[0] == 2
    assert run(capsys, "a", "b")[0] == 2


def test_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "validator.kubeconform.install", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "go install" in done.stdout
