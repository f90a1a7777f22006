"""Whatever a repository holds: a clear error with its place, and everything else is still checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from validator.options import Options
from validator.runner import run

FAULT = "AVI_PASSWORD: <encoded:Vk13YXJlMSE=>\n"
"""A file with a finding of its own, which no bad neighbour may hide."""


def estate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "validator", "validate", "--kubeconform", "off", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def findings(root: Path) -> list[dict[str, Any]]:
    done = estate(root, "--format", "json")
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "fault.yaml").write_text(FAULT)
    return folder


def only(root: Path, path: str) -> dict[str, Any]:
    """Return the finding on one file, and see that the other fault is still told."""
    found = {item["path"]: item for item in findings(root)}
    assert set(found) == {"fault.yaml", path}
    return found[path]


def bomb() -> str:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "a0: &a0 lol\n" + "\n".join(levels) + "\n"


@pytest.mark.parametrize(
    ("content", "rule", "place", "words"),
    [
        (b"a: {b: c\n", "YML101", (2, 1), "did not find expected"),
        (b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe", "YML101", (1, 10), "is not UTF-8 text"),
        (b"a: b\x00c\n", "YML101", (1, 5), "control character U+0000"),
        (bomb().encode(), "YML101", (7, 5), "more than 1000000 nodes"),
        (b"a: " + b"[" * 200 + b"]" * 200 + b"\n", "YML101", (1, 104), "deeper than 100 levels"),
        (b"a: 1\nb: 2\na: 3\n", "YML103", (3, 1), "key `a` is given twice"),
        (b"a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "YML104", (2, 1), "merge"),
        (b"a: " + b"x" * (10 * 1024 * 1024), "YML102", (1, 1), "is 10.0 MiB long, 8 MiB are read at most"),
    ],
    ids=[
        "syntax",
        "binary",
        "control-character",
        "alias-bomb",
        "depth",
        "duplicate-key",
        "conflict",
        "too-large",
    ],
)
def test_file(root: Path, content: bytes, rule: str, place: tuple[int, int], words: str) -> None:
    (root / "bad.yaml").write_bytes(content)
    found = only(root, "bad.yaml")
    assert (found["rule"], found["line"], found["column"]) == (rule, *place)
    assert words in found["message"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("link.yaml", "too many levels of symbolic links"),
        ("../outside.yaml", "leaves the repository"),
        ("folder", "is a link to a folder"),
        ("nowhere.yaml", "no such file"),
    ],
)
def test_link(root: Path, target: str, words: str) -> None:
    (root / "folder").mkdir()
    (root.parent / "outside.yaml").write_text("secret: outside\n")
    (root / "link.yaml").symlink_to(target)
    found = only(root, "link.yaml")
    assert found["rule"] == "YML102"
    assert words in found["message"]


def test_link_inside_is_followed(root: Path) -> None:
    (root / "link.yaml").symlink_to("fault.yaml")
    assert {item["rule"] for item in findings(root)} == {"SEC203"}


def test_linked_folders_are_not_entered(root: Path) -> None:
    (root / "loop").symlink_to(".")
    (root / "out").symlink_to("..")
    assert [item["path"] for item in findings(root)] == ["fault.yaml"]


def test_not_a_regular_file(root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")
    assert "is not a regular file" in only(root, "pipe.yaml")["message"]


def test_unreadable_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "locked").mkdir()
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = run(root, Options(kubeconform="off")).findings
    assert [(item.rule, item.path, item.message) for item in found] == [
        ("SEC203", "fault.yaml", found[0].message),
        ("YML102", "locked", "folder cannot be read: permission denied"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_locked_file(root: Path) -> None:
    (root / "locked.yaml").write_text("a: b\n")
    (root / "locked.yaml").chmod(0)
    assert "permission denied" in only(root, "locked.yaml")["message"]


@pytest.mark.parametrize("name", ["empty", "no-yaml", "file", "missing"])
def test_nothing_to_check_is_exit_2(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no-yaml").mkdir()
    (tmp_path / "no-yaml" / "README.md").write_text("nothing\n")
    (tmp_path / "file").write_text("a: b\n")
    done = estate(tmp_path / name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"{tmp_path / name}: ")
    assert "Traceback" not in done.stderr


def test_required_kubeconform_that_is_missing_is_exit_2(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTATE_KUBECONFORM", str(root / "nowhere"))
    done = estate(root, "--kubeconform", "require")
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_helm_templates_are_no_yaml(root: Path) -> None:
    chart = root / "charts" / "x"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: x\nversion: 1.0.0\n")
    (chart / "templates" / "a.yaml").write_text("{{- if .Values.a }}\na: b\n{{- end }}\n")
    assert [item["path"] for item in findings(root)] == ["fault.yaml"]
