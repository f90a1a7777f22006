"""Kubeconfigs of the two-site lab with certificates made for the test, and the real command line."""

import base64
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import command
from validator.lifecycle.render import render

ROOT = Path(__file__).parents[2]
LAB = ROOT / "examples" / "lab.yaml"
SITES = {
    "site01": ("nsxbaas-tkg-wld-site01", "https://192.168.60.40:6443"),
    "site02": ("nsxbaas-tkg-wld-site02", "https://192.168.70.40:6443"),
}


def tool(name: str) -> str | None:
    """Return a program that not every machine has, from PATH or from the folders of ESTATE_TOOLS."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{os.environ.get('ESTATE_TOOLS', '')}")


Estate = Callable[..., command.Result]


@pytest.fixture
def estate() -> Estate:
    """Return the function that runs `estate` with arguments."""
    return command.estate


@dataclass(frozen=True)
class Pki:
    """An authority and a client certificate of it, as PEM."""

    authority: bytes
    certificate: bytes
    key: bytes


def make_pki(
    days: float = 365, *, group: str = "system:masters", authority_days: float = 3650, begins: float = -1
) -> Pki:
    """Return certificates that end in so many days."""
    now = datetime.now(UTC)
    own, client = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    names = [x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes-admin")]
    if group:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))

    def signed(subject: x509.Name, public: ec.EllipticCurvePublicKey, start: float, end: float) -> bytes:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now + timedelta(days=start)).not_valid_after(
            now + timedelta(days=end, minutes=5)
        )
        return builder.sign(own, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    return Pki(
        signed(issuer, own.public_key(), min(-4000, authority_days - 1), authority_days),
        signed(x509.Name(names), client.public_key(), min(begins, days - 1), days)
        if begins < 0
        else signed(x509.Name(names), client.public_key(), begins, days),
        client.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ),
    )


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def make_jwt(**claims: object) -> str:
    parts = ({"alg": "RS256"}, claims, "signature-that-is-secret")
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


def make_kubeconfig(
    name: str,
    server: str,
    pki: Pki,
    *,
    context: str | None = None,
    user: dict[str, Any] | None = None,
    cluster: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """Return a kubeconfig as `tanzu cluster kubeconfig get --admin` writes it, with other values where they are given."""
    own = {"client-certificate-data": encoded(pki.certificate), "client-key-data": encoded(pki.key)}
    body = {"certificate-authority-data": encoded(pki.authority), "server": server, **(cluster or {})}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "current-context": context or f"{name}-admin@{name}",
        "clusters": [{"name": name, "cluster": {key: value for key, value in body.items() if value is not None}}],
        "users": [{"name": f"{name}-admin", "user": own if user is None else user}],
        "contexts": [
            {"name": context or f"{name}-admin@{name}", "context": {"cluster": name, "user": f"{name}-admin"}}
        ],
    }


def write(path: Path, value: Any) -> Path:
    """Write a value as JSON, which is YAML too."""
    path.write_text(json.dumps(value, indent=1))
    return path


@pytest.fixture(scope="session")
def pki() -> Pki:
    return make_pki()


@pytest.fixture(scope="session")
def other_pki() -> Pki:
    return make_pki()


@pytest.fixture
def sites(tmp_path: Path, pki: Pki, other_pki: Pki) -> tuple[Path, Path]:
    """Return the kubeconfigs of both sites of the lab."""
    first, second = (
        write(tmp_path / f"{site}.kubeconfig", make_kubeconfig(*SITES[site], own))
        for site, own in (("site01", pki), ("site02", other_pki))
    )
    return first, second


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that renders the lab with a backend for secrets, once."""
    folder = tmp_path_factory.mktemp("rendered")
    blocks = {
        "sops": "",
        "sealed-secrets": "  backend: sealed-secrets\n",
        "external-secrets": "  backend: external-secrets\n",
    }

    def make(backend: str) -> Path:
        place = folder / backend
        if not place.exists():
            text = LAB.read_text()
            start, end = text.index("secrets:\n"), text.index("versions:\n")
            if backend != "sops":
                text = f"{text[:start]}secrets:\n{blocks[backend]}\n{text[end:]}"
            source = folder / f"{backend}.yaml"
            source.write_text(text)
            render(source, place)
        return place

    return make


@pytest.fixture
def repository(tmp_path: Path, rendered: Callable[[str], Path]) -> Callable[[str], Path]:
    """Return a function that gives a copy of the rendered lab of one's own."""

    def copy(backend: str) -> Path:
        place = tmp_path / "repository"
        shutil.copytree(rendered(backend), place)
        return place

    return copy


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Return a function that puts a program of Python text on the PATH; it finds its standard input in `clear`.

    What it got is recorded beside it: `<name>.stdin`, `<name>.args`, one call after the other.
    """
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(name: str, body: str) -> Path:
        program = folder / name
        program.write_text(
            f"#!{sys.executable}\nimport base64, json, os, sys\nclear = sys.stdin.read()\n"
            f"open({str(folder / name)!r} + '.stdin', 'a').write(clear + '\\n=====\\n')\n"
            f"open({str(folder / name)!r} + '.args', 'a').write(json.dumps([os.getcwd(), *sys.argv[1:]]) + '\\n')\n{body}"
        )
        program.chmod(0o755)
        return program

    return make
