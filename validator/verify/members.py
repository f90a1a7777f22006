"""Whose an address is: by the Ingress that has it where a cluster was asked, else by the network that it lies in."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from validator.verify.plan import Name, Plan

Seen = Mapping[str, Mapping[str, frozenset[str]]]
"""Addresses of the Ingresses, by cluster and host, of every cluster that could be asked for them."""


@dataclass(frozen=True, slots=True)
class Owners:
    """The clusters that an answered address may belong to."""

    clusters: frozenset[str]
    stale: str | None
    """Cluster in whose network it lies, though the Ingress there has another address."""


class Members:
    """Knows which cluster an address belongs to."""

    def __init__(self, plan: Plan, seen: Seen) -> None:
        self._networks = plan.networks
        self._seen = seen

    def owners(self, name: Name, address: str) -> Owners:
        """Return the clusters that may have an address for a name; of several in one network it may be any."""
        clusters, stale = set(), None
        for cluster in sorted(self._networks.keys() | self._seen.keys()):
            exact = self._seen.get(cluster, {}).get(name.host)
            if exact is not None:
                if address in exact:
                    clusters.add(cluster)
                elif self._inside(cluster, address):
                    stale = stale or cluster
            elif self._inside(cluster, address):
                clusters.add(cluster)
        return Owners(frozenset(clusters), stale if not clusters else None)

    def unknown(self, name: Name) -> tuple[str, ...]:
        """Return the serving clusters of whose addresses nothing is known."""
        serving = (member.cluster for member in name.members)
        return tuple(c for c in serving if c not in self._networks and name.host not in self._seen.get(c, {}))

    def addresses(self, cluster: str, name: Name) -> str:
        """Return what is known of a cluster's addresses for a name, as a message says it."""
        exact = self._seen.get(cluster, {}).get(name.host)
        if exact is not None:
            return f"`{'`, `'.join(sorted(exact))}`" if exact else "none"
        network = self._networks.get(cluster)
        return f"`{network}`" if network else "not known"

    def _inside(self, cluster: str, address: str) -> bool:
        network = self._networks.get(cluster)
        return network is not None and ipaddress.ip_address(address) in network
