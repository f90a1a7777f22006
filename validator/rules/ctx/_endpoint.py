"""Where the API server of a cluster is."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from validator.model import Cluster, Estate
from validator.read.documents import Ref


def endpoint(estate: Estate, cluster: Cluster) -> tuple[str, Ref] | None:
    """Return host and place of a cluster's API endpoint, None where neither Cluster object nor estate file gives one.

    Each federation asks; the answer is kept with the cluster.
    """
    if endpoint not in cluster.answers:
        cluster.answers[endpoint] = _endpoint(estate, cluster)
    found: tuple[str, Ref] | None = cluster.answers[endpoint]
    return found


def _endpoint(estate: Estate, cluster: Cluster) -> tuple[str, Ref] | None:
    tkg = cluster.tkg
    if tkg is not None:
        host = tkg.get("spec", "controlPlaneEndpoint", "host")
        if isinstance(host, str) and host:
            return host, tkg.at("spec", "controlPlaneEndpoint", "host")
        variables = tkg.get("spec", "topology", "variables")
        for index, item in enumerate(variables if isinstance(variables, list) else []):
            value = item.get("value") if isinstance(item, dict) and item.get("name") == "apiServerEndpoint" else None
            if isinstance(value, str) and value:
                return value, tkg.at("spec", "topology", "variables", index, "value")
    declared = (cluster.declared or {}).get("endpoint")
    if isinstance(declared, str) and declared and estate.declared is not None:
        for i, site in enumerate(estate.declared.resolved.get("sites", [])):
            for j, item in enumerate(site.get("clusters", [])):
                if item.get("name") == cluster.name:
                    return declared, estate.declared.at("sites", i, "clusters", j, "endpoint")
    return None


@lru_cache(maxsize=4096)
def host_of(server: str | None) -> str | None:
    """Return the host of an API server's URL."""
    try:
        return urlsplit(server).hostname if server and "://" in server else None
    except ValueError:
        return None
