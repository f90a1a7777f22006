"""Apps: their host under a delegated domain, their sites and clusters there."""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file.checks.view import Item, View, unknown
from validator.estate_file.flaw import Flaw, shown

RELEASE_NAME = 53
"""Characters of a Helm release's name (helm pkg/chart/v2/util/validate_name.go, Flux HelmRelease spec.releaseName)."""


def hosts(view: View) -> Iterator[Flaw]:
    """Find hosts that the sites' DNS virtual services do not answer for."""
    domains = [domain for domain, _ in view.root.block("gslb").listed("domains")]
    servers = {site.block("avi", "dns").data.get("host") for site in view.sites}
    for app in view.apps:
        host = app.data.get("host")
        if not host or not domains:
            continue
        if host in domains:
            hint = f"put a name before it, such as `{app.name or 'app'}.{host}`"
            yield Flaw(app.place("host"), f"{shown(host)} is the delegated domain itself", hint)
        elif not any(host.endswith(f".{domain}") for domain in domains):
            listed = ", ".join(f"`{domain}`" for domain in domains)
            message = f"{shown(host)} is not below a delegated domain: {listed}"
            hint = f"did you mean `{host.partition('.')[0]}.{domains[0]}`?"
            yield Flaw(app.place("host"), message, hint)
        elif host in servers:
            yield Flaw(app.place("host"), f"{shown(host)} is the name of a site's name server")


def places(view: View) -> Iterator[Flaw]:
    """Find apps that name sites or clusters which are not there, or that no cluster serves."""
    sites = [site.name for site in view.sites]
    every, members = [c.name for c in view.clusters], {c.name: c for c in view.members()}
    for app in view.apps:
        for key in ("primary", "site"):
            name = app.data.get(key)
            if name and name not in sites:
                yield unknown(name, app.place(key), sites, "a site of this estate")
        for name, at in app.listed("clusters"):
            if name not in every:
                yield unknown(name, at, every, "a workload cluster of this estate")
            elif name not in members:
                hint = "set `member` and `ako.enabled` there, or leave it out"
                yield Flaw(at, f"{shown(name)} is not a GSLB member, so it cannot serve {shown(app.name)}", hint)
        yield from _serving(app, sites, members)


def sources(view: View) -> Iterator[Flaw]:
    """Find sources that cannot be pulled, or that the engine cannot fit to the cluster."""
    for app in view.apps:
        chart = app.block("source", "chart")
        if not chart.data:
            continue
        url, name = chart.data.get("url"), chart.data.get("name")
        if url and url.startswith("oci://") and name:
            message = f"an `oci://` address names the chart at its end; `name` {shown(name)} is not read"
            yield Flaw(
                chart.place("name"),
                message,
                f"leave it out, and write `{url.rstrip('/')}/{name}` if it is missing there",
            )
        elif url and not url.startswith("oci://") and not view.given(chart, "name"):
            yield Flaw(chart.place("url"), f"{shown(url)} is a chart repository: `name` must say which chart of it")
        if len(app.name) > RELEASE_NAME:
            message = f"{shown(app.name)} has {len(app.name)} characters, and a Helm release takes {RELEASE_NAME}"
            yield Flaw(app.place("name"), message)
        if view.root.data.get("engine") == "argocd" and not chart.data.get("values"):
            yield from _unpatched(view, app, chart)


CHECKS = (hosts, places, sources)


def _unpatched(view: View, app: Item, chart: Item) -> Iterator[Flaw]:
    """Find what a patch would do under Flux: Argo CD does not patch what a chart makes."""
    hint = "say it in `source.chart.values`, in the chart's own words"
    if app.data.get("pullSecret"):
        message = (
            f"Argo CD cannot give the pull secret of {shown(app.name)} to the ServiceAccounts that its chart makes"
        )
        yield Flaw(chart.at, message, hint, key=True)
    named = app.data.get("clusters")
    for cluster in view.members():
        if cluster.block("ako").data.get("serviceType") == "NodePort" and (named is None or cluster.name in named):
            message = (
                f"{shown(cluster.name)} needs Services of type NodePort, and Argo CD cannot change that of a chart"
            )
            yield Flaw(chart.at, message, hint, key=True)
            return


def _serving(app: Item, sites: list[str], members: dict[str, Item]) -> Iterator[Flaw]:
    wanted = app.data.get("clusters")
    mode, key = app.data.get("mode"), "primary" if app.data.get("mode") == "active-standby" else "site"
    target = app.data.get(key)
    if mode == "active-active" or not mode or target not in sites:
        return
    serving = [c for name, c in members.items() if wanted is None or name in wanted]
    there = [c for c in serving if c.owner and c.owner.name == target]
    if not there:
        message = f"no cluster of site {shown(target)} serves {shown(app.name)}"
        yield Flaw(app.place(key), message, "name one of its GSLB members in `clusters`" if wanted else None)
    elif mode == "active-standby" and len(there) == len(serving):
        yield Flaw(app.place("mode"), f"nothing stands by for {shown(app.name)}: only {shown(target)} serves it")
    elif mode == "single-site":
        for name, at in app.listed("clusters"):
            if name in members and members[name] not in there:
                yield Flaw(at, f"{shown(name)} is not in site {shown(target)}, which alone serves {shown(app.name)}")
