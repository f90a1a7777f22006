"""Versions as products write them: `1.9.2`, `v1.24.9+vmware.1-tkg.1`, `2.1`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Version = tuple[int, ...]

_LEADING = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,3})(?![\w.])", re.ASCII)
_RANGE = re.compile(r"[\^~<>=|*,\s]|(?:^|\.)[xX](?:\.|$)")


def parse(text: object) -> Version | None:
    """Return the numbers of a version, or None when `text` is not one exact version.

    Build metadata and pre-release parts (`+vmware.1`, `---vmware.2-fips.1`, `-rc.1`) are left out. Chart version ranges
    such as `1.x`, `~1.9` or `>=1.9` are not versions.
    """
    return _parse(text) if isinstance(text, str) else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Version | None:
    text = text.strip()
    head = re.split(r"[+-]", text, maxsplit=1)[0]
    if _RANGE.search(head):
        return None
    match = _LEADING.fullmatch(head)
    return tuple(int(part) for part in match[1].split(".")) if match else None


def normal(version: Version) -> Version:
    """Return `version` without trailing zeros, so that 2.2 and 2.2.0 are equal."""
    end = len(version)
    while end > 1 and version[end - 1] == 0:
        end -= 1
    return version[:end]


@lru_cache(maxsize=16384)
def compare(left: str, right: str) -> int | None:
    """Return -1, 0 or 1 as `left` is older than, equal to or newer than `right`; None when one is no version."""
    a, b = parse(left), parse(right)
    if a is None or b is None:
        return None
    a, b = normal(a), normal(b)
    return (a > b) - (a < b)


def minor(text: str) -> str | None:
    """Return the major and minor numbers of a version as text, `1.24` for `v1.24.9+vmware.1`."""
    version = parse(text)
    return f"{version[0]}.{version[1]}" if version is not None and len(version) > 1 else None


@lru_cache(maxsize=16384)
def within(text: str, low: str, high: str) -> bool | None:
    """Say whether a version lies in a range; bounds count to their own precision: 1.25.4 is within 1.22 to 1.25."""
    version, lowest, highest = parse(text), parse(low), parse(high)
    if version is None or lowest is None or highest is None:
        return None
    if len(version) < 2 <= len(highest):
        return None
    return normal(version) >= normal(lowest) and version[: len(highest)] <= highest


def exact(known: Iterable[str], text: str) -> str | None:
    """Return the known release that `text` names; `2.1` names the newest known 2.1.x."""
    wanted = parse(text)
    if wanted is None:
        return None
    if len(wanted) == 2:
        return _edge((name for name in known if (parse(name) or ())[:2] == wanted), f"{text}.999999", newest=True)
    return next((name for name in known if compare(name, text) == 0), None)


def at_or_before(known: Iterable[str], text: str) -> str | None:
    """Return the newest of the `known` versions that is not newer than `text`."""
    return _edge(known, text, newest=True)


def at_or_after(known: Iterable[str], text: str) -> str | None:
    """Return the oldest of the `known` versions that is not older than `text`."""
    return _edge(known, text, newest=False)


def nearest(known: Iterable[str], text: str) -> str | None:
    """Return the known version closest to `text`: the same minor first, then the one before, then the one after."""
    releases = list(known)
    before, after = at_or_before(releases, text), at_or_after(releases, text)
    if before is not None and after is not None and minor(before) != minor(text) == minor(after):
        return after
    return before if before is not None else after


def _edge(known: Iterable[str], text: str, newest: bool) -> str | None:
    wanted = parse(text)
    return None if wanted is None else _next(tuple(known), normal(wanted), newest)


@lru_cache(maxsize=4096)
def _next(known: tuple[str, ...], wanted: Version, newest: bool) -> str | None:
    best: tuple[Version, str] | None = None
    for candidate in known:
        version = parse(candidate)
        if version is None:
            continue
        key = normal(version)
        if newest:
            if key <= wanted and (best is None or key > best[0]):
                best = (key, candidate)
        elif key >= wanted and (best is None or key < best[0]):
            best = (key, candidate)
    return best[1] if best else None
