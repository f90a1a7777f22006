"""AMKO releases: what they are documented for, where their chart is, what each release added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from validator.facts import release, table, version
from validator.facts.release import ChartSource, Range


@dataclass(frozen=True, slots=True)
class AmkoRelease:
    """One AMKO release; every range is documented, AMKO enforces none."""

    version: str
    ako: str
    kubernetes_documented: Range


def releases() -> tuple[str, ...]:
    """Return every known AMKO release, oldest first."""
    return tuple(table("amko")["releases"])


def known(text: str) -> bool:
    """Say whether `text` is a known AMKO release."""
    return text in table("amko")["releases"]


@lru_cache(maxsize=4096)
def find(text: str) -> AmkoRelease | None:
    """Return the facts of AMKO release `text`; None when it is not a known release."""
    name = version.exact(releases(), text)
    if name is None:
        return None
    entry = table("amko")["releases"][name]
    return AmkoRelease(
        name,
        entry["ako"],
        Range(*entry["kubernetes"]["documented"]),
    )


def pairs(amko: str, ako: str) -> bool | None:
    """Say whether an AMKO release is meant for an AKO release: both have the same major and minor number.

    None when one is no version. Source: the README table names x.y.1, there are no AMKO patch releases.
    """
    left, right = version.minor(amko), version.minor(ako)
    return None if left is None or right is None else left == right


def for_ako(ako: str) -> str | None:
    """Return the AMKO release that goes with an AKO release."""
    return next((name for name in releases() if pairs(name, ako)), None)


def chart_source(text: str) -> ChartSource | None:
    """Return where the chart of AMKO release `text` is published; None for an unknown release."""
    return release.chart_source(table("amko")["chart"], releases(), text)


def every_chart_source() -> tuple[ChartSource, ...]:
    """Return every place where the AMKO chart was ever published, oldest first."""
    return release.every_chart_source(table("amko")["chart"])


@lru_cache(maxsize=4096)
def has(text: str, feature: str) -> bool | None:
    """Say whether AMKO release `text` has a feature of the table; None when it is not known."""
    return release.has(table("amko")["features"], releases(), text, feature)


VERBS = ("get", "list", "watch", "create", "update", "delete", "deletecollection")
"""Verbs in the order in which roles list them."""


@dataclass(frozen=True, slots=True)
class Access:
    """What AMKO does to one resource of its members, by the account in the members kubeconfig."""

    group: str
    resource: str
    called: tuple[str, ...]
    """Verbs that the code calls."""
    granted: tuple[str, ...]
    """Verbs to grant: those, and what the documentation asks for beside them; who may list learns nothing more by get."""
    federator: bool
    """Whether only the federator does it, in namespace `avi-system`; AMKO itself looks into all namespaces."""


@cache
def member_access(text: str | None = None) -> tuple[Access, ...]:
    """Return what AMKO release `text` does in its members, by group and resource; that of any release without one."""
    called: dict[tuple[str, str, bool], set[str]] = {}
    granted: dict[tuple[str, str, bool], set[str]] = {}
    for entry in table("amko")["memberAccess"]:
        if text is not None and _later(entry, text):
            continue
        key = entry["group"], entry["resource"], bool(entry.get("federator"))
        called.setdefault(key, set()).update(entry["verbs"])
        more = () if key[2] or "watch" not in entry["verbs"] else ("get",)
        granted.setdefault(key, set()).update(entry["verbs"], entry.get("documented", ()), more)
    return tuple(Access(*key[:2], _ordered(verbs), _ordered(granted[key]), key[2]) for key, verbs in called.items())


def _later(entry: Any, text: str) -> bool:
    start = entry.get("from")
    return start is not None and (version.compare(text, start) or 0) < 0


def _ordered(verbs: set[str]) -> tuple[str, ...]:
    return tuple(verb for verb in VERBS if verb in verbs)
