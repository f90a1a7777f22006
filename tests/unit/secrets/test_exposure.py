"""What counts as a placeholder, and what as a secret in the open."""

from __future__ import annotations

import base64

import pytest

from validator.secrets.exposure import in_mapping, in_secret, may_hold_secrets
from validator.secrets.placeholder import is_placeholder

PLACEHOLDERS = """REPLACE-ME REPLACE_ME replaceme REPLACE-ME-avi-password CHANGEME change-me TODO FIXME TBD xxxx **** ...
    <password> <path:kv/data/avi#password> ${AVI_PASSWORD} $(AVI_PASSWORD) {{password}} ref+vault://kv/avi#password
    vault:secret/data/avi#password op://vault/avi/password ENC[AES256_GCM,data:a,iv:b,tag:c,type:str] REDACTED""".split()
REAL = "VMware1! password admin changeit today <encoded:Vk13YXJlMSE=> CHANGEME123 x1 AgBy3i4OJSWK ENC a<b>".split()


@pytest.mark.parametrize("text", ["", "  ", "REPLACE ME", "TODO: ask the Avi team", *PLACEHOLDERS])
def test_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", REAL)
def test_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_encoded_placeholder(text: str) -> None:
    assert not in_secret("password", base64.b64encode(text.encode()).decode(), encoded=True)


@pytest.mark.parametrize(
    ("key", "value", "exposed"),
    [
        ("password", "VMware1!", True),
        ("anything", "VMware1!", True),
        ("username", "administrator@vsphere.local", False),
        ("url", "https://git.example.com/estate.git", False),
        ("url", "https://bot:s3cr3t@git.example.com/estate.git", True),
        ("url", "https://bot:REPLACE-ME@git.example.com/estate.git", False),
        ("tls.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n", False),
        ("tls.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n", True),
        ("values.yaml", "avicredentials: {username: admin, password: VMware1!}", True),
        ("values.yaml", "avicredentials: {username: admin, password: REPLACE-ME}", False),
        ("values.yaml", "avicredentials: {username: admin, authtoken: abc}", True),
        ("config", '{"tlsClientConfig": {"keyData": "LS0tLS1CRUdJTiBQ"}}', True),
        ("config", '{"tlsClientConfig": {"caData": "LS0t"}}', False),
        ("gslb-members", "users: [{name: a, user: {client-key-data: LS0tLS1CRUdJTiBQ}}]", True),
        ("gslb-members", "users: [{name: a, user: {client-key-data: REPLACE-ME}}]", False),
        ("age.agekey", "AGE-SECRET-KEY-1QQQ", True),
        ("password", None, False),
        ("password", 5, False),
    ],
)
def test_in_secret(key: str, value: object, exposed: bool) -> None:
    assert in_secret(key, value, encoded=False) is exposed


@pytest.mark.parametrize("key", ["password", "Passwd", "PWD", "authToken", "client_secret", "api-key", "credentials"])
def test_a_text_with_a_sensitive_key_is_looked_through(key: str) -> None:
    assert may_hold_secrets(f'{{"{key}": "x"}}'.encode())
    assert any(in_mapping({key: "S3cret-of-mine"}))


@pytest.mark.parametrize("text", ['{"p\\u0061ssword": "x"}', '{"pa\u017fsword": "x"}'])
def test_a_text_in_other_letters_is_looked_through(text: str) -> None:
    assert may_hold_secrets(text.encode())


def test_a_text_without_any_is_passed_over() -> None:
    assert not may_hold_secrets(b'{"username": "gslb-reader", "port": 443}')
