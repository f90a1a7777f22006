"""Which members the estate file declares: their contexts, their API servers, and which clusters run AMKO."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from validator.estate_file import ESTATE_FILE, declared, reading
from validator.lifecycle.view import view
from validator.members.sources import Place
from validator.read.exact import load_all

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """One member as the estate declares it; `hosts` are all names of its API server, the endpoint first."""

    context: str
    cluster: str
    site: str
    hosts: tuple[str, ...]
    port: int
    context_at: Place
    endpoint_at: Place

    @property
    def server(self) -> str:
        host = self.hosts[0]
        return f"https://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Declaration:
    """An estate file: where it is, its view for the template, its members by context."""

    path: Path
    data: Data = field(repr=False)
    members: dict[str, Expected]

    @property
    def root(self) -> Path:
        return self.path.absolute().parent

    def cluster(self, name: str) -> Expected | None:
        """Return the member of a cluster's name."""
        return next((one for one in self.members.values() if one.cluster == name), None)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a URL leads; a part that is missing or cannot be read is empty."""

    scheme: str
    host: str
    port: int
    path: str = ""
    """Behind one host there may be several clusters, as Rancher and other gateways have them."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


def declaration(given: Path | None) -> Declaration | None:
    """Return the estate of a file or folder, of this folder where none is given and it has one.

    Raise InputError where what was given is no estate, EstateFileError with all its problems.
    """
    if given is None and not Path(ESTATE_FILE).is_file():
        return None
    path = reading.locate(given or Path(ESTATE_FILE))
    data = view(declared.resolve(reading.load(path)))
    return Declaration(path, data, _members(path, data))


def _members(path: Path, data: Data) -> dict[str, Expected]:
    (tree,) = load_all(path.read_bytes(), str(path))
    reached = {member["context"] for member in data["amko"]["reached"]}
    found = {}
    for i, site in enumerate(data["sites"]):
        for j, cluster in enumerate(site["clusters"]):
            if cluster["context"] not in reached:
                continue
            here = ("sites", i, "clusters", j)
            given = "context" if "context" in tree.value["sites"][i]["clusters"][j] else "name"
            found[cluster["context"]] = Expected(
                cluster["context"],
                cluster["name"],
                site["name"],
                (cluster["endpoint"], *cluster["additionalFqdns"]),
                cluster["endpointPort"],
                Place(str(path), *tree.locate((*here, given))),
                Place(str(path), *tree.locate((*here, "endpoint"))),
            )
    return found


@lru_cache(maxsize=4096)
def server_of(text: str) -> Server:
    """Return scheme, host and port of a URL; user and password in it are left out."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return Server("", "", 0)
    default = {"https": 443, "http": 80}.get(parts.scheme, 0)
    host = plain_host(parts.hostname or "")
    return Server(parts.scheme, host, default if port is None else port, parts.path.rstrip("/"))


@lru_cache(maxsize=4096)
def plain_host(host: str) -> str:
    """Return a host as it compares: an address in its shortest form, a name in lower case without a dot at its end."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower().rstrip(".")


@lru_cache(maxsize=4096)
def is_address(host: str) -> bool:
    """Return whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def leads_to(server: Server, expected: Expected) -> bool | None:
    """Say whether a server is a member's; None where one is a name and the other an address, which DNS alone can tell."""
    if server.port != expected.port:
        return False
    hosts = [plain_host(host) for host in expected.hosts]
    if server.host in hosts:
        return True
    return False if any(is_address(host) == is_address(server.host) for host in hosts) else None
