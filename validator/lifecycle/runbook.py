"""What README.md of a repository says beyond the estate itself: commands for every cluster, and how credentials travel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.facts import names
from validator.lifecycle.secrets import chart_makes_secret
from validator.show import mermaid, overview

Data = dict[str, Any]

NAMESPACE = {"flux": "flux-system", "argocd": "argocd"}
_SECRET = {"ako": names.AKO_SECRET, "amko": names.AMKO_SECRET}
_WAY = {
    "sops": "placeholders in the values; the `{secret}` of `secrets/{chart}` takes the place of the chart's, since the last "
    "source of an object wins (Argo CD shows a RepeatedResourceWarning)",
    "sealed-secrets": "placeholders in the values; the SealedSecret of `secrets/{chart}` makes `{secret}` first (sync wave -1), "
    "and `ignoreDifferences` on `/data` with `RespectIgnoreDifferences=true` keeps what is in it",
    "external-secrets": "placeholders in the values; the ExternalSecret of `secrets/{chart}` makes `{secret}` first (sync wave "
    "-1), and `ignoreDifferences` on `/data` with `RespectIgnoreDifferences=true` keeps what is in it",
}


def runbook(estate: Data) -> Data:
    """Return the variables of README.md for the template's view of an estate."""
    sites = [{"name": site["name"], "secrets": list(_secrets(site))} for site in estate["sites"]]
    return {
        "namespace": NAMESPACE[estate["engine"]],
        "contexts": list(_contexts(estate)),
        "sites": sites,
        "store": _store([secret for site in sites for secret in site["secrets"]]),
        "credentials": [_way(estate, chart) for chart in ("ako", "amko")],
        "amko": [_amko(estate, cluster) for cluster in _running(estate)],
        "kubernetes": sorted({cluster["kubernetes"] for site in estate["sites"] for cluster in site["clusters"]}),
        "byTkg": [site["name"] for site in estate["sites"] if any(c["akoByTkg"] for c in site["clusters"])],
        "picture": _picture(estate),
        "records": [
            *(f"{d}.  NS  {s['host']}." for d in estate["gslb"]["domains"] for s in estate["gslb"]["nameServers"]),
            *(f"{server['host']}.  A  {server['address']}" for server in estate["gslb"]["nameServers"]),
        ],
    }


def _running(estate: Data) -> Iterator[Data]:
    return (cluster for site in estate["sites"] for cluster in site["clusters"] if cluster["runsAmko"])


def _amko(estate: Data, cluster: Data) -> Data:
    """Return a cluster that runs AMKO: its context, the file of AMKO's values, and where they stand in it."""
    flux = estate["engine"] == "flux"
    return {
        "context": cluster["context"],
        "path": f"{cluster['root']}/amko/{'release' if flux else 'application'}.yaml",
        "at": "spec.values." if flux else "spec.sources[0].helm.valuesObject.",
    }


def _picture(estate: Data) -> str:
    """Return the Mermaid picture of the estate, nothing where it is too large to be drawn."""
    picture = mermaid.render(overview.of_declared(estate))
    return picture.rstrip("\n") if mermaid.fits(picture) else ""


def _contexts(estate: Data) -> Iterator[str]:
    for site in estate["sites"]:
        yield site["management"]["context"]
        yield from (cluster["context"] for cluster in site["clusters"])


def _secrets(site: Data) -> Iterator[Data]:
    """Yield every Secret of a site with its file, its cluster, and the folder that its clear values are put in."""
    for cluster, secret in zip(site["clusters"], site["secrets"], strict=True):
        yield _described(secret, cluster, "vcenter")
    for cluster in site["clusters"]:
        for owner in (*cluster["releases"], *cluster["served"]):
            yield from (_described(secret, cluster, secret["name"]) for secret in owner["secrets"])


def _described(secret: Data, cluster: Data, what: str) -> Data:
    kind = "" if secret["type"] == "Opaque" else f" --type={secret['type']}"
    return {**secret, "create": f"generic {secret['name']}{kind}", "folder": f"{cluster['name']}/{what}"}


def _store(secrets: list[Data]) -> list[Data]:
    """Return what External Secrets looks up: each key once, with its properties."""
    found: dict[str, dict[str, None]] = {}
    for secret in secrets:
        for entry in secret["remote"]:
            found.setdefault(entry["remoteRef"]["key"], {})[entry["remoteRef"]["property"]] = None
    return [{"key": key, "properties": ", ".join(properties)} for key, properties in found.items()]


def _way(estate: Data, chart: str) -> Data:
    secret = _SECRET[chart]
    if chart_makes_secret(estate, chart):
        makes = f"makes `{secret}` from its values, and does not render without them"
        here = _WAY[estate["secrets"]["backend"]].format(secret=secret, chart=chart)
    else:
        makes = f"makes no `{secret}` when it is given no credentials"
        here = f"none are given; `{secret}` comes from `secrets/{chart}`, ahead of the chart (sync wave -1)"
    return {"release": f"{chart.upper()} {estate['versions'][chart]}", "makes": makes, "here": here}
