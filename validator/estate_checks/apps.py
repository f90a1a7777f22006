"""Apps: their host under a delegated domain, their sites and clusters there."""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_checks.view import Item, View, unknown
from validator.flaw import Flaw, shown


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


CHECKS = (hosts, places)


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
