"""What a credential is good for and until when: X.509 certificates, keys, bearer tokens. Nothing of them is ever told.

Every function raises ValueError with a message that holds no part of its input. Sources: Go crypto/tls X509KeyPair (the first
certificate is the client's own, other blocks are passed over, a key with a passphrase is refused); client-go
transport/token_source.go; RFC 7519.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from validator.members.sources import decoded

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----.*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----", re.DOTALL)
_ENCRYPTED = re.compile(rb"-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED")
_TOKEN = re.compile(r"[\x21-\x7e]+")
MAX_CERTIFICATES = 200


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a credential is good; `admin` says that its group may do anything in its cluster."""

    begins: datetime | None
    ends: datetime | None
    admin: bool = False
    public_key: Any = field(default=None, repr=False, compare=False)


def days_left(ends: datetime, now: datetime) -> int:
    """Return the whole days until a moment; negative once it has passed."""
    return (ends - now).days


@lru_cache(maxsize=2048)
def authorities(data: str) -> Validity:
    """Return how long a bundle of authorities is good, which is as long as its last one; `data` is base64 of PEM."""
    content = decoded(data)
    if _KEY.search(content):
        raise ValueError("holds a private key, which belongs to no member")
    found = _certificates(content)
    last = max(found, key=lambda one: one.not_valid_after_utc)
    return Validity(last.not_valid_before_utc, last.not_valid_after_utc)


@lru_cache(maxsize=2048)
def client_certificate(data: str) -> Validity:
    """Return what the first certificate of a chain is good for; `data` is base64 of PEM."""
    own = _certificates(decoded(data))[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        public = own.public_key()
    return Validity(own.not_valid_before_utc, own.not_valid_after_utc, _is_admin(own), public)


def check_pair(certificate: str, key: str) -> None:
    """Raise ValueError where a private key cannot be read, or is not that of the certificate."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = decoded(key)
    block = _KEY.search(content)
    if block is None:
        raise ValueError("holds no private key in PEM form")
    if _ENCRYPTED.search(block[0]):
        raise ValueError("is protected by a passphrase, which nobody gives to AMKO")
    try:
        private = load_pem_private_key(block[0], None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("holds a private key that cannot be read") from None
    if private.public_key() != client_certificate(certificate).public_key:
        raise ValueError("is not the key of the client certificate")


def token(text: str) -> Validity:
    """Return until when a bearer token is good; one that is no JWT, or has no end, has none. It is not verified."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("is no bearer token: it holds blanks, line breaks or letters that HTTP does not carry")
    claims = _claims(text)
    return Validity(_moment(claims.get("nbf")), _moment(claims.get("exp")))


def _claims(text: str) -> dict[str, Any]:
    parts = text.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(payload)
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _certificates(content: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificate

    blocks = _CERTIFICATE.findall(content)
    if not blocks:
        raise ValueError("holds no certificate in PEM form")
    if len(blocks) > MAX_CERTIFICATES:
        raise ValueError(f"holds more than {MAX_CERTIFICATES} certificates")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [load_pem_x509_certificate(block) for block in blocks]
            for one in found:
                one.not_valid_after_utc  # noqa: B018  # parsed on demand: what cannot be read shows here
    except ValueError:
        raise ValueError("holds a certificate that cannot be read") from None
    return found


def _is_admin(certificate: Certificate) -> bool:
    """Return whether the certificate is of group `system:masters`, which no role limits and nothing takes away."""
    from cryptography.x509.oid import NameOID

    try:
        groups = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    except ValueError:
        return False
    return any(group.value == "system:masters" for group in groups)
