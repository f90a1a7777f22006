"""One thing that is wrong with an estate file, and the words for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from validator import nearness

Pointer: TypeAlias = "tuple[str | int, ...]"

_SECRET_VALUE = re.compile(r"AGE-SECRET-KEY|PRIVATE KEY|//[^/@\s]*@|^ENC\[", re.IGNORECASE)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong; with `key` the place is the key at `pointer`, with `useless` its value tells nothing.

    `related` is the place that the message names last, such as the first use of a name that is used twice.
    """

    pointer: Pointer
    message: str
    hint: str | None = None
    key: bool = False
    useless: bool = False
    related: Pointer | None = None


def label(pointer: Pointer) -> str:
    """Return a pointer as people write it: `sites[0].avi.controller`."""
    text = ""
    for step in pointer:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "estate"


def shown(value: object) -> str:
    """Return a value fit for a message: in backticks, short, and never one that may be a secret."""
    if isinstance(value, dict | list):
        return "an item"
    text = value if isinstance(value, str) else json.dumps(value)
    if _SECRET_VALUE.search(text):
        return "a value that is not shown"
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"


def nearest(name: str, allowed: list[str]) -> str | None:
    """Return the allowed name that was probably meant: the same in another spelling, a near one, or a longer one."""
    plain = re.sub(r"[-_\s]", "", name).lower()
    same = next((other for other in allowed if re.sub(r"[-_\s]", "", other).lower() == plain), None)
    if same is not None or not 2 < len(name) <= _SHOWN:
        return same
    near = nearness.nearest(name, allowed)
    return near or next((other for other in allowed if other.startswith(name) or name.startswith(f"{other}-")), None)


def described(value: Any, text: str | None) -> str:
    """Return what a value is; `text` is how it was written, None when it was quoted."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"the boolean `{'true' if value else 'false'}`" + (f", written `{text}`" if text else "")
    if isinstance(value, int | float):
        return f"the number `{value}`" + (f", written `{text}`" if text and text != str(value) else "")
    if isinstance(value, str):
        return f"the string {shown(value)}"
    return "a list" if isinstance(value, list) else "a mapping"
