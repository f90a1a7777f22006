from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.avi.controller import Controller, running

Data = dict[str, Any]
ADMIN = {"site01": "first-S3cret", "site02": "second-S3cret"}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(tz=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "controller.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def controllers(certificate: Path) -> Iterator[dict[str, Controller]]:
    """The lab's two controllers, each with its cloud and the network of its DNS address."""
    found = {
        site: Controller(f"avi-l-01{letter}.nsxbaas.homelab", ADMIN[site])
        for site, letter in zip(ADMIN, "ab", strict=True)
    }
    with running(list(found.values()), certificate):
        for site, controller in found.items():
            cloud = controller.add("cloud", {"name": f"nsxbaas-vcenter-{site}"})
            controller.add("network", {"name": f"dns-{site}", "cloud_ref": cloud["url"]})
        yield found


def at_loopback(repository: Path, controllers: dict[str, Controller]) -> None:
    """Let the tools talk to the controllers here; the addresses in the GSLB configuration stay the declared ones."""
    path = repository / "avi/gslb.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for item in data["controllers"]:
        item["controller"] = controllers[item["site"]].address
    path.write_text(json.dumps(data), encoding="utf-8")
