"""Names: unique where two of them would meet, and safe where a chart writes them unquoted."""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file.checks.view import Item, View, repeated
from validator.estate_file.flaw import Flaw, Pointer, shown
from validator.facts import tkg
from validator.read.scalars import resolve

RESERVED_NAMESPACES = frozenset(
    {"argocd", "avi-system", "flux-system", "kube-node-lease", "kube-public", "kube-system"}
)


def unique(view: View) -> Iterator[Flaw]:
    """Find names that are used twice."""
    yield from repeated(((site.name, site.place("name")) for site in view.sites), "site name")
    names: list[tuple[str | None, Pointer]] = [(c.name, c.place("name")) for c in view.clusters]
    names += [(_text(m, "cluster"), m.place("cluster")) for m in _managements(view)]
    hint = "AMKO, contexts and secrets tell clusters apart by their names: give each its own, such as `<name>-<site>`"
    yield from repeated(names, "cluster name", hint)
    yield from repeated(((app.name, app.place("name")) for app in view.apps), "app name")
    hint = "one global name is one GSLB service: put both paths behind one app, or give each its own name"
    yield from repeated(((_text(app, "host"), app.place("host")) for app in view.apps), "host", hint)
    for cluster in view.clusters:
        pools = [Item(pool, at) for pool, at in cluster.listed("nodePools")]
        yield from repeated(((pool.name, pool.place("name")) for pool in pools), "node pool name")


def contexts(view: View) -> Iterator[Flaw]:
    """Find kubeconfig contexts that are used twice or that AMKO's chart would turn into something else."""
    found: list[tuple[str | None, Pointer]] = []
    seen: set[str] = set()
    for cluster in view.clusters:
        given = cluster.data.get("context")
        if not given and cluster.name in seen:
            continue
        seen.add(cluster.name)
        context = given or (tkg.admin_context(cluster.name) if cluster.name else None)
        found.append((context, cluster.place("context" if given else "name")))
        if given and not isinstance(resolve(given), str):
            message = f"context {shown(given)} is not a string once AMKO's chart has written it unquoted"
            yield Flaw(cluster.place("context"), message, "rename the context so that it begins with a letter")
    found += [(_text(m, "context"), m.place("context")) for m in _managements(view)]
    yield from repeated(found, "context", "the members kubeconfig can hold a context name once")


def namespaces(view: View) -> Iterator[Flaw]:
    """Find namespaces that belong to something else."""
    for management in _managements(view):
        namespace = management.data.get("namespace")
        if namespace in tkg.classless_namespaces():
            message = f"namespace {shown(namespace)} has no ClusterClass: TKG does not copy it there"
            yield Flaw(management.place("namespace"), message, "use `default` or a namespace of your own")
    for app in view.apps:
        namespace = app.data.get("namespace")
        if namespace in RESERVED_NAMESPACES:
            yield Flaw(app.place("namespace"), f"namespace {shown(namespace)} is not for apps", "give the app its own")


CHECKS = (unique, contexts, namespaces)


def _managements(view: View) -> list[Item]:
    return [site.block("management") for site in view.sites]


def _text(item: Item, key: str) -> str | None:
    value = item.data.get(key)
    return value if isinstance(value, str) else None
