"""What the tables of AKO and AMKO have in common: ranges, chart sources, features that came with a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from validator.facts import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and highest version that a release works with, each to its own precision."""

    low: str
    high: str

    def holds(self, text: str) -> bool | None:
        """Say whether version `text` lies in the range; None when it is no version."""
        return version.within(text, self.low, self.high)

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class ChartSource:
    """Where a chart release is published.

    For `http` the URL is the repository that lists the chart `name`; for `oci` it is the chart itself, and `registry`
    is the same without the chart name, as Flux HelmRepository and Argo CD repoURL want it.
    """

    kind: Literal["http", "oci"]
    url: str
    name: str
    gone: str | None = None
    """Why nothing can be pulled from there any more, None as far as is known."""

    @property
    def registry(self) -> str:
        """Return the URL without the chart name."""
        return self.url.removesuffix(f"/{self.name}") if self.kind == "oci" else self.url


def chart_source(chart: Mapping[str, Any], releases: Iterable[str], text: str) -> ChartSource | None:
    """Return where release `text` of a chart is published; None when it is not one of the known `releases`."""
    if version.exact(releases, text) is None:
        return None
    start = version.at_or_before((entry["from"] for entry in chart["sources"]), text)
    entry = next(entry for entry in chart["sources"] if entry["from"] == start)
    return ChartSource(entry["kind"], entry["url"], chart["name"], entry.get("gone"))


def every_chart_source(chart: Mapping[str, Any]) -> tuple[ChartSource, ...]:
    """Return every place where a chart was ever published, oldest first."""
    return tuple(
        ChartSource(entry["kind"], entry["url"], chart["name"], entry.get("gone")) for entry in chart["sources"]
    )


def has(features: Mapping[str, Any], releases: Iterable[str], text: str, feature: str) -> bool | None:
    """Say whether version `text` has a feature; None outside the span of the known releases.

    An unknown patch release between two known ones is answered when both agree.
    """
    entry = features[feature]
    known = list(releases)
    before, after = version.at_or_before(known, text), version.at_or_after(known, text)
    if before is None or after is None:
        return None
    first, last = _present(entry, before), _present(entry, after)
    return first if first == last else None


def _present(entry: Mapping[str, Any], release: str) -> bool:
    start, end = entry.get("from"), entry.get("until")
    begun = start is None or (version.compare(release, start) or 0) >= 0
    return begun and (end is None or (version.compare(release, end) or 0) < 0)
