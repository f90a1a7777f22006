"""AMKO releases: what they are documented for, where their chart is, what each release added."""

from __future__ import annotations

from dataclasses import dataclass

from validator.facts import release, table, version
from validator.facts.release import ChartSource, Range


@dataclass(frozen=True, slots=True)
class AmkoRelease:
    """One AMKO release; every range is documented, AMKO enforces none."""

    version: str
    ako: str
    kubernetes_documented: Range
    avi_documented: Range
    openshift: Range


def releases() -> tuple[str, ...]:
    """Return every known AMKO release, oldest first."""
    return tuple(table("amko")["releases"])


def known(text: str) -> bool:
    """Say whether `text` is a known AMKO release."""
    return text in table("amko")["releases"]


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
        Range(*entry["avi"]["documented"]),
        Range(*entry["openshift"]),
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


def has(text: str, feature: str) -> bool | None:
    """Say whether AMKO release `text` has a feature of the table; None when it is not known."""
    return release.has(table("amko")["features"], releases(), text, feature)
