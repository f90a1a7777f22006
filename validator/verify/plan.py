"""What is to be verified: the estate file as it resolves, with the place of everything that a finding may be about."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.estate_file import ESTATE_FILE, declared, reading
from validator.facts import gdp
from validator.read.exact import Pointer, Tree, load_all
from validator.verify.questions import PORT, Server

Data = dict[str, Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class NameServer:
    """The DNS virtual service of a site."""

    site: str
    host: str
    server: Server
    at: Pointer


@dataclass(frozen=True, slots=True)
class Domain:
    """A delegated domain."""

    name: str
    at: Pointer


@dataclass(frozen=True, slots=True)
class Member:
    """A cluster that serves a global name, with its share of the traffic."""

    cluster: str
    site: str
    weight: int
    priority: int


@dataclass(frozen=True, slots=True)
class Name:
    """A global name and who answers for it."""

    app: str
    host: str
    domain: str
    mode: str
    namespace: str
    members: tuple[Member, ...]
    at: Pointer

    @property
    def expected(self) -> tuple[Member, ...]:
        """Return the members that answer while all is well: those of the highest priority; 0 takes no part."""
        top = max((member.priority for member in self.members), default=0)
        return tuple(member for member in self.members if member.priority == top and top > 0)


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """A workload cluster that runs AKO or AMKO."""

    name: str
    site: str
    context: str
    data: Data
    at: Pointer


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one run asks about; what `--site` and `--app` leave out is not in it."""

    estate: Data
    tree: Tree
    path: str
    """The estate file as reports name it."""
    content: bytes
    name_servers: tuple[NameServer, ...]
    domains: tuple[Domain, ...]
    names: tuple[Name, ...]
    clusters: tuple[ClusterPlan, ...]
    networks: dict[str, Network]
    """Network of the virtual services of every member cluster of the estate that declares one."""
    sites: dict[str, str]
    """Site of every workload cluster of the estate."""
    whole: bool
    """Whether all sites take part."""

    @property
    def parent_zone(self) -> str:
        zone: str = self.estate["gslb"]["parentZone"]
        return zone

    @property
    def algorithm(self) -> str:
        """Return the pool algorithm of the policy; Avi's own default is round robin."""
        found = self.estate["amko"]["poolAlgorithm"]
        return found["lbAlgorithm"] if found else gdp.ROUND_ROBIN

    @property
    def fallback(self) -> str | None:
        """Return the address that is answered while all members are down."""
        down = self.estate["amko"]["downResponse"]
        return down["fallbackIP"] if down and down["type"] == gdp.FALLBACK_IP else None


def read(place: Path, *, sites: Iterable[str] = (), apps: Iterable[str] = (), dns_port: int = PORT) -> Plan:
    """Read the plan of an estate file, or of a repository with one at its root.

    Raises EstateFileError with everything that is wrong with the file, InputError for a site or app that it has not.
    """
    path = reading.locate(place)
    content = reading.read(path).encode()
    tree = load_all(content, str(path))[0]
    estate = declared.resolve(tree.value)
    wanted = _known(sites, [site["name"] for site in estate["sites"]], "site")
    chosen = _known(apps, [app["name"] for app in estate["apps"]], "app")
    names = tuple(
        _name(app, number, estate["amko"])
        for number, app in enumerate(estate["apps"])
        if not chosen or app["name"] in chosen
    )
    clusters = list(_clusters(estate))
    return Plan(
        estate,
        tree,
        ESTATE_FILE if place.is_dir() else path.as_posix(),
        content,
        tuple(one for one in _name_servers(estate, dns_port) if not wanted or one.site in wanted),
        tuple(one for one in _domains(estate) if not chosen or any(name.domain == one.name for name in names)),
        names,
        tuple(
            one
            for one in clusters
            if (one.data["runsAko"] or one.data["runsAmko"]) and (not wanted or one.site in wanted)
        ),
        {
            one.name: ipaddress.ip_network(one.data["ako"]["vipNetwork"]["cidr"], strict=False)
            for one in clusters
            if one.data["isMember"] and one.data["ako"]["vipNetwork"]
        },
        {one.name: one.site for one in clusters},
        not wanted,
    )


def _name_servers(estate: Data, port: int) -> Iterator[NameServer]:
    for number, one in enumerate(estate["gslb"]["nameServers"]):
        yield NameServer(one["site"], one["host"], Server(_address(one["address"]), port), _dns(number))


def _domains(estate: Data) -> Iterator[Domain]:
    for number, domain in enumerate(estate["gslb"]["domains"]):
        yield Domain(domain, ("gslb", "domains", number))


def _clusters(estate: Data) -> Iterator[ClusterPlan]:
    for number, site in enumerate(estate["sites"]):
        for index, one in enumerate(site["clusters"]):
            at = ("sites", number, "clusters", index, "name")
            yield ClusterPlan(one["name"], one["site"], one["context"], one, at)


def _dns(number: int) -> Pointer:
    return ("sites", number, "avi", "dns", "address")


def _address(text: str) -> str:
    return str(ipaddress.ip_address(text))


def _known(names: Iterable[str], known: list[str], what: str) -> set[str]:
    found = set(names)
    for name in sorted(found - set(known)):
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(known) or 'none'}"
        raise InputError(f"`{name}` is no {what} of this estate", hint=hint)
    return found


def _name(app: Data, number: int, policy: Data) -> Name:
    shares = {share["cluster"]: share for share in app["trafficSplit"] or policy["trafficSplit"]}
    sites = {member["cluster"]: member["site"] for member in policy["members"]}
    members = [
        Member(
            cluster,
            sites[cluster],
            shares[cluster]["weight"] if cluster in shares else gdp.DEFAULT_WEIGHT,
            shares[cluster]["priority"] if cluster in shares else gdp.DEFAULT_PRIORITY,
        )
        for cluster in app["clusters"]
    ]
    return Name(
        app["name"],
        app["host"].lower(),
        app["subdomain"] or "",
        app["mode"],
        app["namespace"],
        tuple(members),
        ("apps", number, "host"),
    )
