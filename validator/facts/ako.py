"""AKO releases: what they run on, where their chart is, what each release added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from validator.facts import release, table, version
from validator.facts.release import ChartSource, Range


@dataclass(frozen=True, slots=True)
class AkoRelease:
    """One AKO release; enforced ranges are compiled into AKO, documented ones stand in its compatibility table."""

    version: str
    kubernetes_enforced: Range
    kubernetes_documented: Range
    avi_enforced: Range


def releases() -> tuple[str, ...]:
    """Return every known AKO release, oldest first."""
    return tuple(table("ako")["releases"])


def known(text: str) -> bool:
    """Say whether `text` is a known AKO release."""
    return text in table("ako")["releases"]


@lru_cache(maxsize=4096)
def find(text: str) -> AkoRelease | None:
    """Return the facts of AKO release `text`; None when it is not a known release."""
    name = version.exact(releases(), text)
    if name is None:
        return None
    entry = table("ako")["releases"][name]
    return AkoRelease(
        name,
        Range(*entry["kubernetes"]["enforced"]),
        Range(*entry["kubernetes"]["documented"]),
        Range(*entry["avi"]["enforced"]),
    )


def chart_source(text: str) -> ChartSource | None:
    """Return where the chart of AKO release `text` is published; None for an unknown release."""
    return release.chart_source(table("ako")["chart"], releases(), text)


def every_chart_source() -> tuple[ChartSource, ...]:
    """Return every place where the AKO chart was ever published, oldest first."""
    return release.every_chart_source(table("ako")["chart"])


@lru_cache(maxsize=4096)
def has(text: str, feature: str) -> bool | None:
    """Say whether AKO release `text` has a feature of the table; None when it is not known."""
    return release.has(table("ako")["features"], releases(), text, feature)


def supporting(kubernetes: str, avi: str | None = None) -> tuple[str, ...]:
    """Return the AKO releases that start on a Kubernetes version and, when given, against an Avi version."""
    return tuple(
        name
        for name in releases()
        if (entry := find(name))
        and entry.kubernetes_enforced.holds(kubernetes)
        and (avi is None or (version.compare(avi, entry.avi_enforced.low) or 0) >= 0)
    )
