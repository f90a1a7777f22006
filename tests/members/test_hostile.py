"""Input that nobody should give: bounded in time, told with its place, never a traceback."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.members.conftest import LAB, SITES, Estate, Pki, make_kubeconfig, write


def anchors(depth: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, depth)]
    return "\n".join(lines)


CASES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "only a comment": (b"# nothing\n", "is empty"),
    "binary": (bytes(range(256)) * 8, "is not text but binary"),
    "not UTF-8": (b"a: \xff\xfe\xfd\n", "is not UTF-8 text"),
    "UTF-16": ("users: []".encode("utf-16"), "is UTF-16"),
    "a control character": (b"a: \x07\n", "control character U+0007"),
    "too large": (b"#" + b"x" * 1024 * 1024, "is larger than 1024 KiB"),
    "a list": (b"- a\n", "is a list"),
    "a text": (b"hello\n", "is a single value"),
    "deep": (b"[" * 500, "is nested deeper than"),
    "deeper": (b"[" * 5000, "is nested deeper than"),
    "deep mappings": (b"{a: " * 500, "is nested deeper than"),
    "many aliases": (anchors(12).encode(), "once its aliases are expanded"),
    "an unknown alias": (b"clusters: *nothing\n", "has no anchor before it"),
    "a key twice": (b"users: []\nusers: []\n", "is given twice"),
    "another kind": (b"kind: Pod\napiVersion: v1\n", "is no kubeconfig"),
    "nothing in it": (b"kind: Config\napiVersion: v1\n", "it has none of"),
    "two documents": (b"users: [{name: a}]\n---\nusers: []\n", "holds a second document"),
    "a mapping for a list": (b"users: {a: b}\n", "`users` must be a list"),
    "an item without a name": (b"users: [{user: {}}]\n", "needs a `name`"),
    "a name that is a number": (b"users: [{name: 1}]\n", "needs a `name`"),
    "a body that is a list": (b"users: [{name: a, user: []}]\n", "`user` of `a` must be a mapping"),
    "a flag that is a text": (
        b"clusters: [{name: a, cluster: {insecure-skip-tls-verify: 'yes'}}]\n",
        "must be true or false",
    ),
    "a Secret of another name": (b"kind: Secret\nmetadata: {name: x}\n", "holds no Secret `gslb-config-secret`"),
    "a broken list": (b"kind: List\nitems: {a: 1}\n", "holds no Secret"),
    "a tab": (b"users:\n\t- name: a\n", "is not YAML"),
}


@pytest.mark.parametrize("title", CASES)
@pytest.mark.parametrize("verb", ["check", "merge"])
def test_a_file_that_is_no_kubeconfig(title: str, verb: str, estate: Estate, tmp_path: Path) -> None:
    content, message = CASES[title]
    file = tmp_path / "k"
    file.write_bytes(content)
    for given, shown, stdin in ((file, str(file), b""), ("-", "<stdin>", content)):
        result = estate("members", verb, given, "--estate", LAB, stdin=stdin)
        assert result.code == 2 and message in result.err and result.err.startswith(f"{shown}:"), result
        assert "Traceback" not in result.err and result.out == ""


def test_what_is_no_file(estate: Estate, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    cases = {
        ".": "is a folder",
        "pipe": "is not a regular file",
        "loop": "cannot be read",
        "dangling": "does not exist",
        "absent": "does not exist",
        "x" * 5000: "cannot be read",
    }
    for name, message in cases.items():
        for verb in ("check", "merge"):
            result = estate("members", verb, tmp_path / name, "--estate", LAB)
            assert result.code == 2 and message in result.err, (name, result)
    result = estate("members", "check", "/dev/zero", "--estate", LAB)
    assert result.code == 2 and "is not a regular file" in result.err


def test_a_link_is_read_and_its_own_folder_counts(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "ca.crt").write_bytes(pki.authority)
    value = make_kubeconfig(
        *SITES["site01"], pki, cluster={"certificate-authority-data": None, "certificate-authority": "ca.crt"}
    )
    write(tmp_path / "real" / "config", value)
    (tmp_path / "config").symlink_to("real/config")
    result = estate("members", "merge", tmp_path / "config", "--estate", LAB, "--ignore", "MBR101")
    assert result.code == 0, result
    again = estate("members", "merge", tmp_path / "config", tmp_path / "real" / "config", "--estate", LAB)
    assert again.code == 2 and "is the same file as" in again.err
    result = estate("members", "check", "-", "-", "--estate", LAB)
    assert result.code == 2 and "can be read once" in result.err


def test_ten_thousand_contexts(estate: Estate, tmp_path: Path) -> None:
    contexts = [{"name": f"c{n}", "context": {"cluster": "a", "user": "b"}} for n in range(10_000)]
    value: dict[str, Any] = {"clusters": [{"name": "a", "cluster": {"server": "https://10.0.0.1:6443"}}]}
    value |= {"users": [{"name": "b", "user": {"token": "t"}}], "contexts": contexts}
    file = tmp_path / "k"
    file.write_text(json.dumps(value, separators=(",", ": ")))
    assert file.stat().st_size < 1024 * 1024
    counted: list[dict[str, Any]] = []
    for arguments in (("check",), ("merge", "--all")):
        result = estate("members", *arguments, file, "--estate", LAB, "--format", "json")
        assert result.code == 1 and ("member-missing", "error") in result.found
        counted = [one for one in result.report["findings"] if one["name"] == "context-of-no-member"]
    assert len(counted) == 21 and "9980 more contexts" in "".join(one["message"] for one in counted)


def test_names_that_a_terminal_acts_on_are_made_visible(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    name = "a\x1b[2J\u202e\r\nb"
    file = write(tmp_path / "k", make_kubeconfig(name, "https://10.0.0.1:6443", pki, context=name))
    for verb in ("check", "merge"):
        result = estate("members", verb, file, "--estate", LAB)
        assert result.code == 1
        assert not set("\x1b\u202e\r") & set(result.out + result.err)


def test_json_as_kubectl_writes_it(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    value = make_kubeconfig(*SITES["site01"], pki)
    file = tmp_path / "k"
    for text in (json.dumps(value), json.dumps(value, indent="\t"), json.dumps(value, indent=4).replace("/", "\\/")):
        file.write_text(text)
        assert estate("members", "check", file, "--estate", LAB, "--ignore", "MBR101").code == 0
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(value).encode())
    assert estate("members", "check", file, "--estate", LAB, "--ignore", "MBR101").code == 0


def test_options_that_do_not_fit(estate: Estate, tmp_path: Path) -> None:
    assert estate("members", "merge", "--estate", LAB).code == 2
    assert estate("members", "check", "--estate", LAB).code == 2
    assert estate("members", "nothing").code == 2
    assert estate("members", "check", "x", "--warn-days", "-1").code == 2
    assert estate("members", "check", "x", "--output", "a", "--output", "b").code == 2
