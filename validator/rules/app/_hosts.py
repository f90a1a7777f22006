"""What several application rules ask: declared apps, domains, names in messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from validator.clusters.workloads import Path, Rule, rules, served
from validator.model import Cluster, Estate
from validator.once import once
from validator.read.documents import Ref
from validator.read.manifest import Manifest


def declared_apps(estate: Estate) -> list[tuple[int, dict[str, Any]]]:
    """Return the apps of the estate file with their index, an empty list where there is none."""
    apps = estate.declared.resolved.get("apps") if estate.declared else None
    return [(index, app) for index, app in enumerate(apps or []) if isinstance(app, dict)]


def declared_hosts(estate: Estate) -> dict[str, tuple[frozenset[str], Ref]]:
    """Return the clusters that the estate file wants each host in, and where it says so."""
    found: dict[str, tuple[frozenset[str], Ref]] = {}
    for index, app in declared_apps(estate):
        if isinstance(host := app.get("host"), str) and estate.declared:
            names, at = found.get(host, (frozenset(), estate.declared.at("apps", index, "host")))
            found[host] = (names | frozenset(app.get("clusters") or ()), at)
    return found


def domains(estate: Estate) -> list[str]:
    """Return the delegated sub-domains of the estate file, an empty list where they are not known."""
    found = (estate.declared.resolved.get("gslb") or {}).get("domains") if estate.declared else None
    listed_ = found if isinstance(found, list) else []
    return [domain for domain in listed_ if isinstance(domain, str) and domain.strip(".")]


def below(host: str, domain: str) -> bool:
    """Return whether a host lies strictly below a domain, label by label."""
    return host.lower().rstrip(".").endswith(f".{domain.lower().strip('.')}")


def local_to(host: str, cluster: Cluster) -> bool:
    """Return whether a host carries the name of one site or cluster, so that it is not meant for others."""
    text = host.lower()
    return any(name and name.lower() in text for name in (cluster.site, cluster.name))


def listed(names: Iterable[str], limit: int = 4) -> str:
    """Return names for a message, in backticks, a long list cut short."""
    texts = [f"`{name}`" for name in names]
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return ", ".join(texts[:limit]) + more


@dataclass(frozen=True, slots=True, eq=False)
class Backend:
    """A Service that an Ingress of AKO points at; `service` is None where the repository does not hold it."""

    cluster: Cluster
    ingress: Manifest
    rule: Rule
    path: Path
    name: str
    service: Manifest | None

    @property
    def at(self) -> Ref:
        """Return the place of the Service's name in the Ingress."""
        place = (*self.path.pointer, "backend", "service", "name")
        return self.ingress.at(*(place if self.ingress.get(*place) else (*self.path.pointer, "backend", "serviceName")))


@once
def backends(estate: Estate) -> list[Backend]:
    """Return the backends of every Ingress that AKO serves, each Service of an Ingress once."""
    return list(_backends(estate))


def _backends(estate: Estate) -> Iterator[Backend]:
    for cluster in estate.members:
        for ingress in cluster.workloads.ingresses:
            if not served(cluster, ingress):
                continue
            told: set[tuple[str, object]] = set()
            for one in rules(ingress):
                for path in one.paths or ():
                    if path.service is None or (path.service, path.port) in told:
                        continue
                    told.add((path.service, path.port))
                    service = cluster.workloads.services.get((ingress.namespace, path.service))
                    yield Backend(cluster, ingress, one, path, path.service, service)


def tls_hosts(ingress: Manifest) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the hosts under `spec.tls` of an Ingress with their places."""
    blocks = ingress.spec.get("tls")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        hosts = block.get("hosts") if isinstance(block, dict) else None
        for order, host in enumerate(hosts if isinstance(hosts, list) else []):
            if isinstance(host, str):
                yield host, ("spec", "tls", index, "hosts", order)
