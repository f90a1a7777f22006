"""The picture of an estate as a Mermaid flowchart: names, delegation, controllers, clusters, and who leads."""

from __future__ import annotations

from collections.abc import Iterator

from validator.show.overview import FOLLOWER, LEADER, MEMBER, ClusterRow, Overview, SiteRow

MOST_CHARACTERS, MOST_EDGES = 50_000, 500
"""What a viewer draws at most, unless it is configured otherwise.

Source: mermaid packages/mermaid/src/schemas/config.schema.yaml, maxTextSize and maxEdges (11.x).
"""
_ROLES = {LEADER: "AMKO leader", FOLLOWER: "AMKO follower", MEMBER: "GSLB member"}
_LABEL = str.maketrans({'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;", "`": "#96;", "\\": "#92;"})


def render(overview: Overview) -> str:
    """Return the flowchart; the same estate gives the same text."""
    return "\n".join(_lines(overview)) + "\n"


def fits(picture: str) -> bool:
    """Return whether a viewer would draw the picture."""
    edges = sum("--" in line or "-." in line or "==" in line for line in picture.splitlines())
    return len(picture) < MOST_CHARACTERS and edges < MOST_EDGES


def _lines(overview: Overview) -> Iterator[str]:
    yield "flowchart TB"
    zone = overview.parent_zone
    if zone:
        yield f"  parent[{_text('DNS', zone)}]"
    for index, domain in enumerate(overview.domains):
        yield f"  domain{index}[{_text(domain, 'delegated')}]"
        if zone:
            yield f"  parent --> domain{index}"
    for index, name in enumerate(overview.names):
        yield f"  name{index}([{_text(name.host, name.mode or '')}])"
        above = _domain(name.host, overview.domains)
        if above is not None:
            yield f"  domain{above} --> name{index}"
    for number, site in enumerate(overview.sites):
        yield from _site(number, site, overview)
    places = {cluster.name: f"s{n}c{m}" for n, s in enumerate(overview.sites) for m, cluster in enumerate(s.clusters)}
    for index, name in enumerate(overview.names):
        for cluster in name.clusters:
            if cluster in places:
                yield f"  name{index} -.-> {places[cluster]}"
    yield from _federation(overview)


def _site(number: int, site: SiteRow, overview: Overview) -> Iterator[str]:
    yield f"  subgraph s{number}[{_text(site.name)}]"
    role = "GSLB leader" if site.leads else ""
    yield f"    s{number}avi[{_text('Avi', site.controller or 'controller not known', site.version or '', role)}]"
    if site.name_server or site.address:
        yield f"    s{number}dns[{_text('DNS virtual service', site.name_server or '', site.address or '')}]"
    if site.management:
        yield f"    s{number}m[{_text('management cluster', site.management)}]"
    for index, cluster in enumerate(site.clusters):
        yield f"    s{number}c{index}[{_text(*_cluster(cluster))}]"
        yield f"    s{number}c{index} -- AKO --> s{number}avi"
    if site.management:
        for index in range(len(site.clusters)):
            yield f"    s{number}m --> s{number}c{index}"
    yield "  end"
    if site.name_server or site.address:
        for index in range(len(overview.domains)):
            yield f"  domain{index} -- NS --> s{number}dns"


def _cluster(cluster: ClusterRow) -> Iterator[str]:
    yield cluster.name
    if cluster.context:
        yield cluster.context
    if cluster.role:
        yield _ROLES[cluster.role]


def _federation(overview: Overview) -> Iterator[str]:
    rows = [(f"s{n}c{m}", c) for n, site in enumerate(overview.sites) for m, c in enumerate(site.clusters)]
    followers = [place for place, cluster in rows if cluster.role == FOLLOWER]
    for place, cluster in rows:
        if cluster.role == LEADER:
            yield from (f"  {place} == federates ==> {follower}" for follower in followers)


def _domain(host: str, domains: tuple[str, ...]) -> int | None:
    fitting = [index for index, domain in enumerate(domains) if host.endswith(f".{domain}")]
    return max(fitting, key=lambda index: len(domains[index]), default=None)


def _text(*lines: str) -> str:
    """Return a quoted label of several lines; text of the repository cannot end it or bring markup."""
    shown = ("".join(c if c.isprintable() else " " for c in line).translate(_LABEL) for line in lines if line)
    return '"' + "<br/>".join(shown) + '"'
