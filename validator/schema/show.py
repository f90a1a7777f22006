"""Pieces of a document as messages show them: never a control character, never long, never a secret."""

from __future__ import annotations

import re
from typing import Any

from validator.schema.problem import Pointer

LONGEST = 60
_SECRET = re.compile(r"passw|passphrase|token|private|api.?key|access.?key|clientsecret", re.IGNORECASE)
_SIMPLE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def is_secret(document: Any, pointer: Pointer) -> bool:
    """Return whether the value at `pointer` must not be shown: anything in a Secret's data, or under such a name."""
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind == "Secret" and pointer[:1] in {("data",), ("stringData",)}:
        return True
    return any(isinstance(token, str) and _SECRET.search(token) for token in pointer[-1:])


def path(pointer: Pointer) -> str:
    """Return a pointer as `spec.rules[0].host`."""
    text = ""
    for token in pointer:
        if isinstance(token, int):
            text += f"[{token}]"
        elif _SIMPLE.fullmatch(token):
            text += f".{token}" if text else token
        else:
            text += f'["{plain(token)}"]'
    return f"`{text}`"


def value(found: Any) -> str:
    """Return a scalar as YAML writes it, in backticks; empty for a mapping or a list."""
    if isinstance(found, dict | list):
        return ""
    if found is None:
        return "`null`"
    if isinstance(found, bool):
        return "`true`" if found else "`false`"
    return f"`{plain(str(found))}`" if found != "" else '`""`'


def plain(text: str, longest: int = LONGEST) -> str:
    """Return repository text that is safe to print."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def listed(names: list[str]) -> str:
    """Return names in backticks, joined by commas."""
    return ", ".join(f"`{plain(name)}`" for name in names)


def closest(name: str, names: list[str]) -> str | None:
    """Return the one of `names` that was probably meant."""
    import difflib

    folded = {one.lower(): one for one in reversed(names)}
    if name.lower() in folded:
        return folded[name.lower()]
    near = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.75)
    return folded[near[0]] if near else None
