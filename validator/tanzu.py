"""Flat configuration files of the Tanzu CLI, known by their variables wherever they stand.

Source: tanzu-framework v0.28.3 tkg/tkgconfigreaderwriter/readerwriter.go: each value is read as text, where a mapping or a
list gives an empty one; a variable of the environment wins over the file; an empty value counts as not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from validator.errors import InputError
from validator.facts import tanzu
from validator.nearness import nearest
from validator.read import exact
from validator.read.documents import Document, Ref
from validator.values import flag

if TYPE_CHECKING:
    from validator.model import Estate

NEAR = 3
"""Letters that a misspelt name may differ by; names of the table are long and alike."""
LEAST = 2
"""Variables of the table from which on a flat mapping is a configuration file."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration file: its variables as they are written."""

    document: Document
    variables: dict[str, Any]

    @property
    def name(self) -> str | None:
        return self.text("CLUSTER_NAME")

    @property
    def uses_avi(self) -> bool:
        return flag(self.variables.get("AVI_ENABLE")) is True

    @property
    def is_vsphere(self) -> bool:
        """Return whether it is for vSphere."""
        given = self.text("INFRASTRUCTURE_PROVIDER")
        return given == "vsphere" if given else any(key.startswith("VSPHERE_") for key in self.variables)

    @property
    def labels(self) -> dict[str, Any] | None:
        """Return AVI_LABELS, written as JSON or as lines of `key: value`; None where they are anything else."""
        value = self.variables.get("AVI_LABELS")
        if value is None or (isinstance(value, str) and not value.strip()):
            return {}
        if not isinstance(value, str):
            return None
        try:
            trees = exact.load_all(value.encode(), "")
        except InputError:
            return None
        found = trees[0].value if trees else None
        return found if isinstance(found, dict) else {} if found in (None, "") else None

    def text(self, name: str) -> str | None:
        """Return a variable as the CLI reads it, None where it is empty or not given."""
        found = self.variables.get(name)
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, int | float):
            return str(found)
        return found if isinstance(found, str) and found else None

    def says(self, name: str) -> bool:
        """Return whether a comment of the file names a variable, as one that the environment gives."""
        return any(name.encode() in line.partition(b"#")[2] for line in self.document.data.splitlines() if b"#" in line)

    def misspells(self, name: str) -> bool:
        """Return whether a variable is absent, but one that nobody knows has nearly its name."""
        if name in self.variables:
            return False
        strangers = [key for key in self.variables if key not in tanzu.names()]
        return any(nearest(key, tanzu.names(), NEAR) == name for key in strangers)

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Return the networks of a variable, leaving out what is none."""
        found = []
        for part in (self.text(name) or "").split(","):
            try:
                found.append(ip_network(part.strip(), strict=False))
            except ValueError:
                continue
        return found

    def at(self, name: str, *, key: bool = False) -> Ref:
        """Return the place of a variable; the beginning of the file for one that is not there."""
        return self.document.ref(name, key=key) if name in self.variables else self.document.ref()

    def is_workload(self, estate: Estate) -> bool:
        """Return whether it is that of a workload cluster, which the repository has in another form as well."""
        names = {topology.name for topology in estate.topologies}
        for site in sites(estate):
            names.update(cluster["name"] for cluster in site["clusters"])
        return self.name in names

    def is_management(self, estate: Estate) -> bool:
        """Return whether it makes a management cluster: the estate file names it, or it has variables of one alone."""
        if self.is_workload(estate):
            return False
        declared = any(site["management"]["cluster"] == self.name for site in sites(estate))
        return declared or not tanzu.of_management().isdisjoint(self.variables)


def configurations(estate: Estate) -> Iterator[Configuration]:
    """Yield the configuration files of a repository."""
    for document in estate.documents:
        value = document.value
        if document.kind or document.api_version or not isinstance(value, dict):
            continue
        if b"_" not in document.data:
            continue
        known = sum(1 for key in value if isinstance(key, str) and key in tanzu.names())
        if known >= LEAST and not any(isinstance(key, str) and key.islower() for key in value):
            yield Configuration(document, {key: item for key, item in value.items() if isinstance(key, str)})


def managements(estate: Estate) -> Iterator[tuple[Configuration, int | None]]:
    """Yield the files of management clusters, each with the index of its site in the estate file."""
    for found in configurations(estate):
        if found.is_management(estate):
            yield found, site_of(estate, found)


def sites(estate: Estate) -> list[dict[str, Any]]:
    """Return the sites of the estate file, empty where there is none or it has problems of its own."""
    if estate.declared is None or not estate.declared.resolved:
        return []
    found: list[dict[str, Any]] = estate.declared.resolved.get("sites", [])
    return found


def site_of(estate: Estate, found: Configuration) -> int | None:
    """Return the index of the site that a file belongs to: by the folder of its site, else by the cluster's name."""
    known = sites(estate)
    path = f"/{found.document.path}"
    for index, site in enumerate(known):
        if f"/{site['path']}/" in path:
            return index
    return next((i for i, site in enumerate(known) if site["management"]["cluster"] == found.name), None)
