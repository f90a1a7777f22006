"""`estate members merge --secrets`: the Secret of every AMKO by each backend, and never in clear text on disk."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.members.conftest import SITES, Estate, Pki, encoded, make_kubeconfig, tool, write

Repository = Callable[[str], Path]
Programs = Callable[[str, str], Path]
FOLDER = "sites/{site}/clusters/{cluster}/secrets/amko/gslb-config-secret.{suffix}.yaml"
TOKEN = "canary-token-of-{site}"

# What sops writes: metadata in clear, stringData encrypted, a block of its own.
SOPS = """
value = clear[clear.index("stringData:"):]
head = clear[:clear.index("stringData:")]
assert "canary-token" in value and "canary-token" not in head
print(head + "stringData:\\n    gslb-members: ENC[AES256_GCM,data:%s,iv:x,tag:y,type:str]" % len(clear))
recipient = next(line.split()[-1] for line in open(".sops.yaml") if "age:" in line)
print("sops:\\n    lastmodified: '2026-01-01T00:00:00Z'\\n    mac: ENC[AES256_GCM,data:z,iv:x,tag:y,type:str]")
print("    version: 3.9.0\\n    encrypted_regex: ^(data|stringData)$\\n    age:")
print("        - recipient: %s\\n          enc: |" % recipient)
print("            -----BEGIN AGE ENCRYPTED FILE-----\\n            YQ==\\n            -----END AGE ENCRYPTED FILE-----")
"""
KUBESEAL = """
print("apiVersion: bitnami.com/v1alpha1\\nkind: SealedSecret\\nmetadata:\\n  name: gslb-config-secret\\nspec:")
print("  encryptedData:\\n    gslb-members: AgB/sealed+%d==" % len(clear))
"""


def manifests(root: Path, suffix: str) -> list[Path]:
    return [root / FOLDER.format(site=site, cluster=cluster, suffix=suffix) for site, (cluster, _) in SITES.items()]


@pytest.fixture
def tokens(tmp_path: Path, pki: Pki) -> list[Path]:
    """Return kubeconfigs of both sites with tokens that are easy to find again."""
    return [
        write(tmp_path / site, make_kubeconfig(*SITES[site], pki, user={"token": TOKEN.format(site=site)}))
        for site in SITES
    ]


def clear_of(record: Path) -> list[dict[str, Any]]:
    """Return the documents that a program got."""
    return [yaml.safe_load(text) for text in record.read_text().split("\n=====\n") if text]


def nothing_in_clear(folder: Path, programs: Path) -> bool:
    found = [path for path in folder.rglob("*") if path.is_file() and programs not in path.parents]
    return not any(b"canary-token" in path.read_bytes() for path in found)


def test_sops_encrypts_what_it_is_given_by_a_pipe(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root, sops = repository("sops"), programs("sops", SOPS)
    files = manifests(root, "sops")
    before = [yaml.safe_load(path.read_text()) for path in files]
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 0, result
    for path, given, clear in zip(files, before, clear_of(sops.with_suffix(".stdin")), strict=True):
        made = yaml.safe_load(path.read_text())
        assert made["metadata"] == given["metadata"] == clear["metadata"] and made["kind"] == "Secret"
        assert made["stringData"]["gslb-members"].startswith("ENC[") and "sops" in made
        assert clear["type"] == given["type"] and list(clear["stringData"]) == ["gslb-members"]
        inner = yaml.safe_load(clear["stringData"]["gslb-members"])
        assert [one["user"]["token"] for one in inner["users"]] == [TOKEN.format(site=site) for site in SITES]
        assert f"wrote {path}, encrypted" in result.err
    calls = [json.loads(line) for line in sops.with_suffix(".args").read_text().splitlines()]
    assert [call[0] for call in calls] == [str(root), str(root)]
    assert [call[call.index("--filename-override") + 1] for call in calls] == [
        str(path.relative_to(root)) for path in files
    ]
    assert nothing_in_clear(root, sops.parent) and not list(root.rglob("*.part"))
    # Again, over what is encrypted now.
    assert estate("members", "merge", *tokens, "--estate", root, "--secrets").code == 0
    assert yaml.safe_load(files[0].read_text())["metadata"] == before[0]["metadata"]


def test_the_rendered_estate_with_encrypted_members_is_valid(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root = repository("sops")
    programs("sops", SOPS)
    before = estate("validate", root, "--kubeconform", "off", "--format", "json").report["findings"]
    assert estate("members", "merge", *tokens, "--estate", root, "--secrets").code == 0
    after = estate("validate", root, "--kubeconform", "off", "--format", "json").report["findings"]
    assert [one for one in after if one not in before] == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.exit(3)", "`sops` failed with exit code 3"),
        ("print(clear)", "is not encrypted as Flux reads it"),
        ("print(SOPS.replace('sops:', 'other:'))", "is not encrypted as Flux reads it"),
        ("print(SOPS.replace('name: gslb', 'name: ENC'))", "is not encrypted as Flux reads it"),
        ("print('- a list')", "is no manifest"),
        ("print('a: [')", "is not YAML"),
        ("", "is no manifest"),
    ],
)
def test_what_sops_makes_is_looked_at_before_it_is_written(
    body: str, message: str, estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root = repository("sops")
    whole = SOPS.replace("print(", "out.append(")
    programs("sops", f"out = []\n{whole}\nSOPS = chr(10).join(out)\n{body}")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 2 and message in result.err, result
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert "canary" not in result.out + result.err


def test_one_that_fails_leaves_all_as_they_are(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root = repository("sops")
    programs("sops", f"if 'site02' in str(sys.argv): sys.exit('no key for site02')\n{SOPS}")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 2 and "no key for site02" in result.err
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("backend", "program"), [("sops", "sops"), ("sealed-secrets", "kubeseal")])
def test_a_program_that_is_missing(
    backend: str,
    program: str,
    estate: Estate,
    repository: Repository,
    tokens: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = repository(backend)
    monkeypatch.setenv("PATH", "/nowhere")
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert (
        result.code == 2
        and f"`{program}` is needed and is not on the PATH" in result.err
        and "hint: install" in result.err
    )


def test_kubeseal_seals_for_each_cluster_and_keeps_the_rest(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path], tmp_path: Path
) -> None:
    root, kubeseal = repository("sealed-secrets"), programs("kubeseal", KUBESEAL)
    files = manifests(root, "sealed")
    before = [path.read_text() for path in files]
    clusters = [cluster for cluster, _ in SITES.values()]
    certificate = tmp_path / "site02.pem"
    result = estate(
        "members", "merge", *tokens, "--estate", root, "--secrets", "--cert", f"{clusters[1]}={certificate}"
    )
    assert result.code == 0, result
    for path, text, clear in zip(files, before, clear_of(kubeseal.with_suffix(".stdin")), strict=True):
        made = path.read_text()
        assert "AgB/sealed+" in made and "REPLACE-ME" not in made
        assert [line for line in made.splitlines() if "gslb-members" not in line] == [
            line for line in text.splitlines() if "gslb-members" not in line
        ]
        assert clear["metadata"] == {"name": "gslb-config-secret", "namespace": "avi-system"}
    calls = [json.loads(line) for line in kubeseal.with_suffix(".args").read_text().splitlines()]
    assert (
        calls[0][calls[0].index("--context") + 1] == f"{clusters[0]}-admin@{clusters[0]}" and "--cert" not in calls[0]
    )
    assert calls[1][calls[1].index("--cert") + 1] == str(certificate) and "--context" not in calls[1]
    assert calls[0][calls[0].index("--controller-name") + 1] == "sealed-secrets-controller"
    assert calls[0][calls[0].index("--scope") + 1] == "strict"
    assert nothing_in_clear(root, kubeseal.parent)


def test_a_certificate_for_a_cluster_that_runs_no_amko(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root = repository("sealed-secrets")
    programs("kubeseal", KUBESEAL)
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets", "--cert", "x=y")
    assert result.code == 2 and "cluster `x` runs no AMKO" in result.err
    result = estate("members", "merge", *tokens, "--estate", root, "--cert", "x=y")
    assert result.code == 2 and "--cert goes with --secrets" in result.err


def test_an_external_store_gets_keys_and_properties(
    estate: Estate, repository: Repository, tokens: list[Path], pki: Pki, tmp_path: Path
) -> None:
    root = repository("external-secrets")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 0 and "canary" not in result.out + result.err
    keys = [f"estate/nsxbaas-lab/{cluster}/amko-member" for cluster, _ in SITES.values()]
    assert all(f"store {key}: ca, token" in result.err for key in keys)
    output = tmp_path / "store.json"
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets", "-o", output)
    assert result.code == 0 and "canary" not in result.out + result.err
    assert json.loads(output.read_text()) == {
        key: {"ca": encoded(pki.authority), "token": TOKEN.format(site=site)}
        for key, site in zip(keys, SITES, strict=True)
    }
    assert output.stat().st_mode & 0o777 == 0o600
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    # The very keys that the rendered ExternalSecret asks for.
    asked = yaml.safe_load(manifests(root, "external")[0].read_text())["spec"]["data"]
    assert {(one["remoteRef"]["key"], one["remoteRef"]["property"]) for one in asked} == {
        (key, name) for key in keys for name in ("ca", "token")
    }


def test_an_external_store_takes_no_certificates(
    estate: Estate, repository: Repository, sites: tuple[Path, Path]
) -> None:
    result = estate("members", "merge", *sites, "--estate", repository("external-secrets"), "--secrets")
    assert result.code == 2 and "has no token" in result.err and "estate members rbac" in result.err


def test_findings_keep_secrets_as_they_are(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root, sops = repository("sops"), programs("sops", SOPS)
    result = estate("members", "merge", tokens[0], "--estate", root, "--secrets")
    assert result.code == 1 and "member-missing" in result.out and "nothing was written" in result.err
    assert not sops.with_suffix(".stdin").exists()


def test_secrets_need_the_rendered_repository(
    estate: Estate, repository: Repository, tokens: list[Path], tmp_path: Path
) -> None:
    result = estate("members", "merge", *tokens, "--secrets", cwd=tmp_path)
    assert result.code == 2 and "--secrets needs an estate file" in result.err
    root = repository("sops")
    (tmp_path / "bare").mkdir()
    shutil.copy(root / "estate.yaml", tmp_path / "bare")
    result = estate("members", "merge", *tokens, "--estate", tmp_path / "bare", "--secrets")
    assert result.code == 2 and "does not exist" in result.err and "runs AMKO and needs it" in result.err
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets", "-o", tmp_path / "x")
    assert result.code == 2 and "-o goes with it for external-secrets alone" in result.err
    assert not (tmp_path / "x").exists()


def test_a_manifest_that_is_a_link_out_of_the_repository(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path], tmp_path: Path
) -> None:
    root = repository("sops")
    programs("sops", SOPS)
    file = manifests(root, "sops")[0]
    file.rename(tmp_path / "outside.yaml")
    file.symlink_to(tmp_path / "outside.yaml")
    before = (tmp_path / "outside.yaml").read_bytes()
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 2 and "is a link that leaves the repository" in result.err
    assert (tmp_path / "outside.yaml").read_bytes() == before


def test_another_key_in_the_secret_is_not_lost(
    estate: Estate, repository: Repository, programs: Programs, tokens: list[Path]
) -> None:
    root = repository("sops")
    programs("sops", SOPS)
    file = manifests(root, "sops")[0]
    file.write_text(file.read_text() + "  mine: x\n")
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
    assert result.code == 2 and "has another key, `mine`, which would be lost" in result.err


@pytest.mark.skipif(tool("sops") is None or tool("age-keygen") is None, reason="sops and age are missing")
def test_the_real_sops(
    estate: Estate, repository: Repository, tokens: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository("sops")
    key = tmp_path / "key.txt"
    subprocess.run([str(tool("age-keygen")), "-o", key], check=True, capture_output=True)
    public = next(line.split()[-1] for line in key.read_text().splitlines() if "public key" in line)
    rules = root / ".sops.yaml"
    rules.write_text(rules.read_text().replace(yaml.safe_load(rules.read_text())["creation_rules"][0]["age"], public))
    monkeypatch.setenv("PATH", f"{Path(str(tool('sops'))).parent}:/usr/bin:/bin")
    for _ in range(2):
        result = estate("members", "merge", *tokens, "--estate", root, "--secrets")
        assert result.code == 0, result
    for file in manifests(root, "sops"):
        assert b"canary" not in file.read_bytes()
        environment = {"SOPS_AGE_KEY_FILE": str(key), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run([str(tool("sops")), "decrypt", file], capture_output=True, env=environment, check=True)
        result = estate("members", "check", "-", "--estate", root, stdin=done.stdout)
        assert result.code == 0 and result.out.endswith("no findings in 1 files, 1 documents\n"), result
    found = estate("validate", root, "--kubeconform", "off", "--format", "json", "--select", "SEC").report["findings"]
    assert [one for one in found if "gslb-config-secret" in one["path"]] == []


@pytest.mark.skipif(tool("kubeseal") is None, reason="kubeseal is missing")
def test_the_real_kubeseal(
    estate: Estate, repository: Repository, tokens: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository("sealed-secrets")
    monkeypatch.setenv("PATH", f"{Path(str(tool('kubeseal'))).parent}:/usr/bin:/bin")
    keys = {cluster: _sealing_key(tmp_path / cluster) for cluster, _ in SITES.values()}
    options = [part for cluster, (certificate, _) in keys.items() for part in ("--cert", f"{cluster}={certificate}")]
    result = estate("members", "merge", *tokens, "--estate", root, "--secrets", *options)
    assert result.code == 0, result
    for file, (_, private) in zip(manifests(root, "sealed"), keys.values(), strict=True):
        assert b"canary" not in file.read_bytes()
        command = [str(tool("kubeseal")), "--recovery-unseal", "--recovery-private-key", str(private), "-o", "json"]
        done = subprocess.run(command, input=file.read_bytes(), capture_output=True, check=True)
        opened = estate("members", "check", "-", "--estate", root, stdin=done.stdout)
        assert opened.code == 0 and opened.out.endswith("no findings in 1 files, 1 documents\n"), opened
    found = estate("validate", root, "--kubeconform", "off", "--format", "json").report["findings"]
    assert [one for one in found if "gslb-config-secret" in one["path"]] == []


def _sealing_key(folder: Path) -> tuple[Path, Path]:
    """Return certificate and private key of a Sealed Secrets controller."""
    now = datetime.now(UTC)
    folder.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sealed-secrets")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "tls.crt").write_bytes(pem)
    kinds = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    (folder / "tls.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kinds))
    return folder / "tls.crt", folder / "tls.key"
