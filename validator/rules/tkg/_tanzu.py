"""What the rules on a management cluster's configuration file ask of the repository around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from validator.lifecycle.tanzu import configuration
from validator.model import Estate
from validator.once import once
from validator.tkg.configuration import Configuration, sites
from validator.tkg.topologies import Topology


@once
def wanted(estate: Estate) -> list[dict[str, Any]]:
    """Return the variables that the estate file stands for, by site; those that the environment gives are None."""
    return [configuration(site) for site in sites(estate)]


class Makers:
    """The `Cluster` objects that each management cluster makes."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._sites = {id(found): index for found, index in estate.managements}
        self._by_name: dict[str, list[Topology]] = defaultdict(list)
        self._by_manager: dict[str, list[Topology]] = defaultdict(list)
        for topology in estate.topologies if estate.managements else ():
            self._by_name[topology.name].append(topology)
            if topology.manager is not None:
                self._by_manager[topology.manager.name].append(topology)

    def workloads(self, found: Configuration) -> list[Topology]:
        """Return what the management cluster of a file makes: what its site declares, else what is under its name."""
        index = self._sites.get(id(found))
        if index is None:
            return self._by_manager.get(found.name or "", [])
        names = (cluster["name"] for cluster in sites(self._estate)[index]["clusters"])
        return [topology for name in names for topology in self._by_name.get(name, ())]

    def others(self, found: Configuration) -> Iterator[Topology]:
        """Yield the `Cluster` objects of other management clusters."""
        own = {id(topology) for topology in self.workloads(found)}
        return (topology for topology in self._estate.topologies if id(topology) not in own)
