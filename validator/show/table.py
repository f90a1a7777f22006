"""The overview of an estate as tables, wide as what stands in them: a terminal or a file, the same text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.report.text import clean
from validator.show.overview import Overview

Row = tuple[str | None, ...]


def render(overview: Overview) -> str:
    """Return the tables as text."""
    return "\n".join(_lines(overview)) + "\n"


def _lines(overview: Overview) -> Iterator[str]:
    engines = ", ".join(overview.engines) or "nothing that is known"
    yield f"{clean(overview.name or 'estate')}: {_count(len(overview.sites), 'site')}, synced by {engines}"
    yield f"GSLB leader: {clean(overview.leader_controller or 'not known')}"
    yield f"AMKO leader: {clean(', '.join(cluster.name for cluster in overview.leaders) or 'none')}"
    yield ""
    yield from _table(
        ("SITE", "AVI CONTROLLER", "VERSION", "GSLB", "MANAGEMENT CLUSTER", "NAME SERVER", "ADDRESS"),
        (
            (s.name, s.controller, s.version, _lead(s.leads), s.management, s.name_server, s.address)
            for s in overview.sites
        ),
    )
    yield ""
    yield from _table(
        ("SITE", "CLUSTER", "CONTEXT", "AMKO ROLE", "AKO", "AMKO", "KUBERNETES", "API SERVER"),
        (
            (site.name, c.name, c.context, c.role, c.ako, c.amko, c.kubernetes, c.endpoint)
            for site in overview.sites
            for c in site.clusters
        ),
    )
    if overview.names:
        yield ""
        yield from _table(
            ("GLOBAL NAME", "MODE", "CLUSTERS"),
            ((name.host, _mode(name.mode, name.primary), ", ".join(name.clusters)) for name in overview.names),
        )
    if overview.domains:
        yield ""
        servers = ", ".join(site.name_server or site.address or site.name for site in overview.sites)
        yield from _table(
            ("DELEGATED DOMAIN", "PARENT ZONE", "NAME SERVERS"),
            ((domain, overview.parent_zone, servers) for domain in overview.domains),
        )


def _lead(leads: bool | None) -> str | None:
    return None if leads is None else "leader" if leads else "follower"


def _mode(mode: str | None, primary: str | None) -> str | None:
    return f"{mode} ({primary})" if mode and primary else mode


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _table(head: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table without the columns in which nothing stands."""
    cells = [tuple(clean(cell) if cell else "-" for cell in row) for row in rows]
    kept = [index for index in range(len(head)) if any(row[index] != "-" for row in cells)]
    if not kept:
        return
    widths = {index: max(len(head[index]), *(len(row[index]) for row in cells)) for index in kept}
    for row in (head, *cells):
        yield "  ".join(row[index].ljust(widths[index]) for index in kept).rstrip()
