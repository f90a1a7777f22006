"""The estate file beside the manifests: each declared cluster with its place, its site, and what was found of it.

These rules speak where the manifests agree among themselves and with nothing else wrong, so that a fault in one site is
told by the rule that compares sites, and only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.finding import Problem
from validator.model import Cluster, Declared, Estate, Release
from validator.once import once
from validator.read.documents import Ref
from validator.read.manifest import dig


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared workload cluster."""

    declared: Declared
    site_index: int
    index: int
    site: dict[str, Any]
    data: dict[str, Any]
    cluster: Cluster | None
    """The cluster that the manifests describe, None where there is none."""

    def at(self, *pointer: str | int) -> Ref:
        """Return a place below the cluster in the estate file."""
        return self.declared.at("sites", self.site_index, "clusters", self.index, *pointer)

    def site_at(self, *pointer: str | int) -> Ref:
        """Return a place below the site in the estate file."""
        return self.declared.at("sites", self.site_index, *pointer)


@once
def entries(estate: Estate) -> list[Entry]:
    """Return the declared workload clusters; none where there is no estate file, or one with problems of its own."""
    return list(_entries(estate))


def _entries(estate: Estate) -> Iterator[Entry]:
    declared = estate.declared
    if declared is None or estate.declared_problems:
        return
    found: dict[str, Cluster] = {}
    for cluster in estate.clusters:
        if cluster.declared is not None:
            found.setdefault(cluster.name, cluster)
    for i, site in enumerate(declared.resolved.get("sites", [])):
        for j, data in enumerate(site["clusters"]):
            yield Entry(declared, i, j, site, data, found.get(data["name"]))


def versions(estate: Estate) -> dict[str, Any]:
    """Return the declared versions, empty without an estate file."""
    found = dig(estate.declared.resolved, ("versions",)) if estate.declared else None
    return found if isinstance(found, dict) else {}


def differs(at: Ref, what: str, given: object, wanted: object, said: Ref) -> Problem:
    """Return the problem of a value that is not the declared one, with both places."""
    left, right = (f"`{value}`" if str(value) else "empty" for value in (given, wanted))
    by_default = dig(said.document.value, said.pointer) is None
    note = f"{right} by default, as nothing else is declared here" if by_default else f"declared as {right} here"
    return Problem(at, f"{what} is {left}, the estate file says {right}", related=((said, note),))


def unanimous(releases: list[Release], *pointer: str) -> str | None:
    """Return the text that all releases have at `pointer`, None where they differ or one has none."""
    found = {release.text(*pointer) for release in releases}
    return found.pop() if len(found) == 1 else None
