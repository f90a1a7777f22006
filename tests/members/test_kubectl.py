"""The merge against kubectl's own: the same kubeconfigs give the same entries."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.members.conftest import LAB, SITES, Estate, Pki, make_kubeconfig, tool, write

KUBECTL = tool("kubectl")
pytestmark = pytest.mark.skipif(KUBECTL is None, reason="kubectl is missing")


def flattened(*files: Path) -> dict[str, Any]:
    """Return what `kubectl config view --flatten --raw` makes of files."""
    environment = {"KUBECONFIG": ":".join(map(str, files)), "PATH": "/usr/bin:/bin", "HOME": str(files[0].parent)}
    command = [str(KUBECTL), "config", "view", "--flatten", "--raw"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found


def entries(config: dict[str, Any]) -> dict[str, Any]:
    return {key: config[key] for key in ("clusters", "users", "contexts")}


def test_the_entries_are_those_of_kubectl(estate: Estate, pki: Pki, other_pki: Pki, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder, own in ((first, pki), (second, other_pki)):
        folder.mkdir()
        (folder / "ca.crt").write_bytes(own.authority)
        (folder / "client.crt").write_bytes(own.certificate)
        (folder / "client.key").write_bytes(own.key)
    cluster: dict[str, str | None] = {"certificate-authority-data": None, "certificate-authority": "ca.crt"}
    user = {"client-certificate": "./client.crt", "client-key": str(second / "client.key"), "as": "amko"}
    files = [
        write(first / "config", make_kubeconfig(*SITES["site01"], pki, cluster={**cluster, "tls-server-name": "api"})),
        write(second / "config", make_kubeconfig(*SITES["site02"], other_pki, user=user, cluster=cluster)),
    ]
    output = tmp_path / "out"
    assert estate("members", "merge", *files, "--estate", LAB, "-o", output).code == 0
    assert entries(yaml.safe_load(output.read_text())) == entries(flattened(*files))
    # And kubectl reads the result as it is.
    assert entries(flattened(output)) == entries(flattened(*files))


def test_what_kubectl_refuses_is_refused(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    twice = make_kubeconfig(*SITES["site01"], pki)
    twice["contexts"] *= 2
    number = make_kubeconfig(*SITES["site01"], pki)
    number["clusters"][0]["cluster"]["server"] = 1
    both = make_kubeconfig(*SITES["site01"], pki, cluster={"certificate-authority": "ca"})
    kind = {**make_kubeconfig(*SITES["site01"], pki), "kind": "Pod"}
    for name, value in (("twice", twice), ("number", number), ("both", both), ("kind", kind)):
        file = write(tmp_path / name, value)
        with pytest.raises(subprocess.CalledProcessError):
            flattened(file)
        assert estate("members", "merge", file, "--estate", LAB).code == 2, name


def test_values_that_yaml_could_take_for_others(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    for text in ("null", "1e3", "yes", "0o17", "- x", "a: b", "#x", "'", '"', "é", "2026-01-01", "~", " x", "x "):
        value = make_kubeconfig(text, "https://10.0.0.1:6443", pki, context=text)
        value["contexts"][0]["context"]["namespace"] = text
        output = tmp_path / "out"
        file = write(tmp_path / "in", value)
        result = estate("members", "merge", file, "-o", output, "--force", cwd=tmp_path)
        assert result.code == 0, (text, result)
        assert entries(flattened(output)) == entries(flattened(file))
