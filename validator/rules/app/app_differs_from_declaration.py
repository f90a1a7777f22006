"""An application is not the one that the estate file declares.

What it finds:
    A declared app whose host is in none of its clusters, and an Ingress with the host of a declared app that stands
    in another namespace, points at another Service or port, or lacks the declared path or TLS Secret.

Why it matters:
    The Ingress answers for nothing: no Service stands behind it, or its namespace is not there. With one site there
    is no sibling to compare it with, and the estate file is the only witness.
    Source: AKO internal/nodes/validator.go findTargetPort (1.9.2 to 2.1.1).

Bad:
    # estate.yaml: apps: [{name: shop, host: shop.avi.example.com, service: shop, port: 80}]
    backend: {service: {name: shopp, port: {number: 80}}}

Good:
    backend: {service: {name: shop, port: {number: 80}}}

Fix:
    Make the estate file and the Ingress say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.clusters.workloads import Rule, host_at, rules
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.app._hosts import below, declared_apps, declared_hosts, domains, listed
from validator.rules.app._sources import sources

Fault = tuple[Pointer, str, Any, Any, str]


@rule("APP134", Severity.ERROR, sources=("EST", "tkg-avi APP-03", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    for index, app in declared_apps(estate):
        clusters = [estate.clusters_declared[name] for name in app["clusters"] if name in estate.clusters_declared]
        found = [
            (cluster, item, one) for cluster in clusters for item, one in cluster.workloads.by_host.get(app["host"], ())
        ]
        if clusters and not found and not any(_elsewhere(estate, cluster, app) for cluster in clusters):
            yield from _absent(estate, clusters, index, app)
        for cluster, item, one in found:
            for pointer, what, given, wanted, key in _faults(item, one, app):
                yield Problem(
                    item.at(*pointer),
                    f"{what} of Ingress `{item.namespace}/{item.name}` in cluster `{cluster.name}` is `{given}`, app "
                    f"`{app['name']}` is declared with `{wanted}`",
                    related=((estate.declared.at("apps", index, key), "declared here"),),
                    site=cluster.site,
                    cluster=cluster.name,
                )


def _absent(estate: Estate, clusters: list[Cluster], index: int, app: dict[str, Any]) -> Iterator[Problem]:
    """Tell that no Ingress has the host of an app: at the one Ingress of its namespace, if there is one, else where it is declared."""
    hosts = declared_hosts(estate)
    beside = [
        item for cluster in clusters for item in cluster.workloads.ingresses if item.namespace == app["namespace"]
    ]
    odd = [(item, one) for item in beside for one in rules(item) if one.host and one.host not in hosts]
    if not beside or len(odd) == len(clusters):
        known = domains(estate)
        for item, one in odd:
            if any(below(one.host, domain) for domain in known):
                text = f"host `{one.host}` of Ingress `{item.namespace}/{item.name}` is not that of app `{app['name']}`, which"
                said = ((_said(estate, index), "declared here"),)
                yield Problem(host_at(item, one), f"{text} is `{app['host']}`", said)
    if not odd and all(one.host for item in beside for one in rules(item)):
        names = listed(cluster.name for cluster in clusters)
        text = f"app `{app['name']}` is declared, but no Ingress of {names} has its host `{app['host']}`"
        folder = clusters[0].root if len(clusters) == 1 else None
        yield Problem(_said(estate, index), text, absence=folder)


def _said(estate: Estate, index: int) -> Ref:
    assert estate.declared is not None
    return estate.declared.at("apps", index, "host")


def _elsewhere(estate: Estate, cluster: Cluster, app: dict[str, Any]) -> bool:
    """Return whether something outside the repository may bring the Ingress; the app's declared source does not."""
    inside = app["source"] is not None
    found = [one for one in sources(estate, cluster, whole=True) if one.namespace in {"", app["namespace"]}]
    return bool(found) and not inside


def _faults(item: Manifest, one: Rule, app: dict[str, Any]) -> Iterator[Fault]:
    if item.namespace and item.namespace != app["namespace"]:
        yield ("metadata", "namespace"), "namespace", item.namespace, app["namespace"], "namespace"
        return
    path = next((path for path in one.paths or () if path.path == app["path"]), None)
    if path is None:
        known = [path for path in one.paths or () if path.path.startswith("/")]
        if known:
            yield (*known[0].pointer, "path"), "path", known[0].path, app["path"], "path"
        return
    place = (*path.pointer, "backend", "service")
    if path.service is not None and path.service != app["service"]:
        yield (*place, "name"), "backend", path.service, app["service"], "service"
    elif isinstance(path.port, int) and isinstance(app["port"], int) and path.port != app["port"]:
        yield (*place, "port", "number"), "port", path.port, app["port"], "port"
    secret = (app["tls"] or {}).get("secret")
    blocks = item.spec.get("tls")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        name = block.get("secretName") if isinstance(block, dict) else None
        hosts = block.get("hosts") if isinstance(block, dict) else None
        if secret and isinstance(hosts, list) and one.host in hosts and isinstance(name, str) and name != secret:
            yield ("spec", "tls", index, "secretName"), "TLS Secret", name, secret, "tls"
