"""What the rules on a management cluster's configuration file ask of the repository around it."""

from __future__ import annotations

from collections.abc import Iterator

from validator.model import Estate
from validator.tanzu import Configuration, sites
from validator.topologies import Topology


def workloads(estate: Estate, found: Configuration) -> list[Topology]:
    """Return the `Cluster` objects of the management cluster that a file makes: by its name, else by its site."""
    index = next((index for one, index in estate.managements if one is found), None)
    if index is not None:
        names = {cluster["name"] for cluster in sites(estate)[index]["clusters"]}
        return [topology for topology in estate.topologies if topology.name in names]
    return [t for t in estate.topologies if t.manager is not None and t.manager.name == found.name]


def others(estate: Estate, found: Configuration) -> Iterator[Topology]:
    """Yield the `Cluster` objects of other management clusters."""
    own = {id(topology) for topology in workloads(estate, found)}
    return (topology for topology in estate.topologies if id(topology) not in own)
