"""Find secret values that stand in the open; only names of keys ever leave this module, never a value."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from validator.errors import InputError
from validator.read.exact import Pointer
from validator.read.rows import first_value
from validator.secrets.placeholder import is_placeholder

HARMLESS = frozenset(
    """username user login name type url uri server host hostname address port project namespace tenant region email provider
    enableoci enablelfs insecure insecureskipverify insecureignorehostkey forcehttpbasicauth noproxy depth
    useazureworkloadidentity githubappenterprisebaseurl githubappid githubappinstallationid cloud version context
    ca.crt tls.crt cacert cafile certfile certificate certificateauthoritydata known_hosts identity.pub""".split()
)
"""Keys of a Secret whose values are no secrets, in lower case."""
_SENSITIVE = re.compile(
    r"pass(word|wd|phrase)?$|passwd|pwd$|token$|secret$|secretkey|secret_access_key|(private|client|api|access|agent)[-_]?key"
    r"|key-data$|key_?data$|credentials?$|^auth$|authtoken|bearer",
    re.IGNORECASE,
)
_STEMS = (b"pass", b"pwd", b"token", b"secret", b"key", b"credential", b"auth", b"bearer")
"""Of which every sensitive key has one."""
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?!(?:\\n|[\s.])*(?:-----END|$))|AGE-SECRET-KEY-1")
"""A frame with nothing in it is a pattern to fill in."""
_PUBLIC = re.compile(r"\s*-----BEGIN (CERTIFICATE|PUBLIC KEY|[A-Z ]*PUBLIC KEY)-----|ssh-(rsa|ed25519) ")
_LOGIN = re.compile(r"://[^/\s:@]+:([^/\s@]+)@")


def in_secret(key: str, value: Any, *, encoded: bool) -> bool:
    """Return whether a key of a Secret shows a value that could be real; `encoded` for `data`, which is base64."""
    return isinstance(value, str) and not is_placeholder(value) and _shows(key, value, encoded)


@lru_cache(maxsize=4096)
def _shows(key: str, value: str, encoded: bool) -> bool:
    text = _decoded(value) if encoded else value
    if text.strip() in {"{}", "[]", "null"}:
        return False
    if is_placeholder(text) or _PUBLIC.match(text):
        return False
    inner = _mapping(text)
    if inner is not None:
        return any(True for _ in in_mapping(inner)) or _PRIVATE.search(text) is not None
    if key.lower() in HARMLESS:
        return has_login(text)
    return True


def may_hold_secrets(data: bytes) -> bool:
    """Return whether a text may have a sensitive key: it has a part of one, or letters that are written in another way."""
    if b"\\" in data or not data.isascii():
        return True
    lower = data.lower()
    return any(stem in lower for stem in _STEMS)


def in_mapping(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    """Yield the places of sensitive keys whose values are no placeholders."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = (*pointer, key)
            if isinstance(item, dict | list):
                yield from in_mapping(item, here)
            elif isinstance(item, str) and _is_sensitive(str(key)) and _could_be_real(item):
                yield here
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from in_mapping(item, (*pointer, index))


@lru_cache(maxsize=4096)
def _is_sensitive(key: str) -> bool:
    return _SENSITIVE.search(key) is not None


def is_private_key(text: str) -> bool:
    """Return whether a text holds a private key in the open (PEM or age)."""
    return _PRIVATE.search(text) is not None


def has_login(text: str) -> bool:
    """Return whether a text holds a URL with a password that is no placeholder."""
    return any(not is_placeholder(match[1]) for match in _LOGIN.finditer(text))


def _could_be_real(text: str) -> bool:
    return not is_placeholder(text) and not is_placeholder(_decoded(text)) and not _PUBLIC.match(text)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def _mapping(text: str) -> dict[str, Any] | None:
    if ":" not in text or len(text) > 1_000_000:
        return None
    try:
        value = first_value(text.encode(), "")
    except InputError:
        return None
    return value if isinstance(value, dict) else None
