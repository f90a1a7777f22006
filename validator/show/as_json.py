"""The overview of an estate as JSON, for programs; `version` changes when a key changes its meaning."""

from __future__ import annotations

import json
from dataclasses import asdict

from validator.show.overview import Overview


def render(overview: Overview) -> str:
    """Return the overview as a JSON object; what is not known is null."""
    data = {
        "version": "1",
        "name": overview.name,
        "engines": list(overview.engines),
        "gslb": {
            "leaderController": overview.leader_controller,
            "domains": list(overview.domains),
            "parentZone": overview.parent_zone,
            "nameServers": [
                {"site": site.name, "host": site.name_server, "address": site.address}
                for site in overview.sites
                if site.name_server or site.address
            ],
        },
        "amko": {"leaders": [cluster.name for cluster in overview.leaders]},
        "sites": [
            {
                "name": site.name,
                "controller": site.controller,
                "controllerVersion": site.version,
                "gslbLeader": site.leads,
                "managementCluster": site.management,
                "clusters": [asdict(cluster) for cluster in site.clusters],
            }
            for site in overview.sites
        ],
        "names": [asdict(name) for name in overview.names],
    }
    return json.dumps(data, indent=2) + "\n"
