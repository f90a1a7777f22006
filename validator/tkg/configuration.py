"""Flat configuration files of the Tanzu CLI, known by their variables wherever they stand.

Source: tanzu-framework v0.28.3 tkg/tkgconfigreaderwriter/readerwriter.go: each value is read as text, where a mapping or a
list gives an empty one; a variable of the environment wins over the file; an empty value counts as not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from socket import AF_INET, inet_pton
from typing import TYPE_CHECKING, Any, TypeAlias

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
Bounds: TypeAlias = tuple[int, int, int]
"""Version of IP, and the first and the last address as numbers."""
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
        return _labels(value) if isinstance(value, str) else None

    def text(self, name: str) -> str | None:
        """Return a variable as the CLI reads it, None where it is empty or not given."""
        found = self.variables.get(name)
        return found or None if isinstance(found, str) else as_text(found)

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
        parts = (self.text(name) or "").split(",")
        return [found for part in parts if (found := network(part.strip())) is not None]

    def at(self, name: str, *, key: bool = False) -> Ref:
        """Return the place of a variable; the beginning of the file for one that is not there."""
        return self.document.ref(name, key=key) if name in self.variables else self.document.ref()


def as_text(value: Any) -> str | None:
    """Return the value of a variable as the CLI reads it, None where that is empty."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


@lru_cache(maxsize=4096)
def network(text: str) -> IPv4Network | IPv6Network | None:
    """Return the network that a text means, whose host bits do not matter; None where it is none."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds | None:
    """Return the first and the last address of a network, None where a text is none."""
    head, slash, size = text.partition("/")
    if slash and len(size) <= 2 and size.isascii() and size.isdigit() and int(size) <= 32:
        try:
            first = int.from_bytes(inet_pton(AF_INET, head), "big")  # many times as quick as a network
        except (OSError, ValueError):
            pass
        else:
            hosts = (1 << 32 - int(size)) - 1
            return 4, first & ~hosts, first | hosts
    found = network(text)
    return (found.version, int(found.network_address), int(found.broadcast_address)) if found else None


@lru_cache(maxsize=1024)
def _labels(text: str) -> dict[str, Any] | None:
    """Return labels that are written as a text; they are shared and must not be changed."""
    try:
        trees = exact.load_all(text.encode(), "")
    except InputError:
        return None
    found = trees[0].value if trees else None
    return found if isinstance(found, dict) else {} if found in (None, "") else None


def find(estate: Estate) -> list[Configuration]:
    """Return the configuration files of a repository."""
    found = []
    for document in estate.documents_of(""):
        value = document.value
        if document.api_version or not isinstance(value, dict) or b"_" not in document.data:
            continue
        names = tuple(key for key in value if isinstance(key, str))
        if _are_variables(names):
            found.append(
                Configuration(document, value if len(names) == len(value) else {key: value[key] for key in names})
            )
    return found


@lru_cache(maxsize=1024)
def _are_variables(names: tuple[str, ...]) -> bool:
    """Return whether these are the names in a configuration file."""
    return len(tanzu.names().intersection(names)) >= LEAST and not any(name.islower() for name in names)


def workload_names(estate: Estate) -> set[str]:
    """Return the names of workload clusters, which the repository has as objects or declares."""
    names = {topology.name for topology in estate.topologies}
    names.update(cluster["name"] for site in sites(estate) for cluster in site["clusters"])
    return names


def managements(estate: Estate) -> list[tuple[Configuration, int | None]]:
    """Return the files of management clusters: the estate file names it, or the file has variables of one alone.

    Each comes with the index of its site: that of the folder, else that of the cluster's name.
    """
    if not estate.configurations:
        return []
    workloads, folders, named = workload_names(estate), {}, {}
    for index, site in enumerate(sites(estate)):
        folders[site["path"]] = index
        named[site["management"]["cluster"]] = index
    found: list[tuple[Configuration, int | None]] = []
    for one in estate.configurations:
        if one.name in workloads or (one.name not in named and tanzu.of_management().isdisjoint(one.variables)):
            continue
        parts = one.document.path.split("/")
        paths = ("/".join(parts[start:end]) for end in range(len(parts)) for start in range(end))
        by_folder = next((folders[path] for path in paths if path in folders), None)
        found.append((one, by_folder if by_folder is not None else named.get(one.name or "")))
    return found


def sites(estate: Estate) -> list[dict[str, Any]]:
    """Return the sites of the estate file, empty where there is none or it has problems of its own."""
    if estate.declared is None or not estate.declared.resolved:
        return []
    found: list[dict[str, Any]] = estate.declared.resolved.get("sites", [])
    return found
