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
    charts = _charts(estate)
    by_tkg = [site["name"] for site in estate["sites"] if any(c["akoByTkg"] for c in site["clusters"])]
    return {
        "ako": _ako(estate, charts, by_tkg),
        "charts": [chart.upper() for chart in charts],
        "accounts": [{"of": chart.upper(), "name": _account(estate, chart)} for chart in charts],
        "kept": _kept(estate, charts, by_tkg),
        "places": [{"path": path, "what": what} for path, what in _places(estate, charts)],
        "namespace": NAMESPACE[estate["engine"]],
        "contexts": list(_contexts(estate)),
        "sites": sites,
        "members": names.MEMBERS_SECRET,
        "store": _store([secret for site in sites for secret in site["secrets"]]),
        "credentials": [_way(estate, chart) for chart in charts],
        "amko": [_amko(estate, cluster) for cluster in _running(estate)],
        "kubernetes": sorted({cluster["kubernetes"] for site in estate["sites"] for cluster in site["clusters"]}),
        "byTkg": by_tkg,
        "picture": _picture(estate),
        "records": [
            *(f"{d}.  NS  {s['host']}." for d in estate["gslb"]["domains"] for s in estate["gslb"]["nameServers"]),
            *(f"{server['host']}.  A  {server['address']}" for server in estate["gslb"]["nameServers"]),
        ],
    }


def _charts(estate: Data) -> list[str]:
    """Return the charts that the estate installs; AKO's is none of them where TKG installs all AKOs."""
    names = {release["name"] for cluster in _clusters(estate) for release in cluster["releases"]}
    return [name for name in _SECRET if name in names]


def _clusters(estate: Data) -> Iterator[Data]:
    return (cluster for site in estate["sites"] for cluster in site["clusters"])


def _ako(estate: Data, charts: list[str], by_tkg: list[str]) -> str:
    """Return which AKO it is: that of the chart, that of the TKG release, or both."""
    if "ako" not in charts:
        return "AKO as TKG brings it"
    chart = f"AKO {estate['versions']['ako']}"
    return f"{chart} (in {', '.join(by_tkg)} as TKG brings it)" if by_tkg else chart


def _account(estate: Data, chart: str) -> str:
    """Return the Secret that holds the account of AKO or AMKO on the Avi controller."""
    return f"{chart}-credentials" if estate["engine"] == "flux" else _SECRET[chart]


def _kept(estate: Data, charts: list[str], by_tkg: list[str]) -> str:
    """Return what else than Clusters and namespaces stays where nothing asks for it any more."""
    kind = "releases" if estate["engine"] == "flux" else "Applications"
    releases = f"the {kind} of {' and '.join(chart.upper() for chart in charts)}"
    return f"AKODeploymentConfigs, {releases}" if by_tkg else releases


def _places(estate: Data, charts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the paths of the repository that there are, with what is there."""
    clusters, names = list(_clusters(estate)), " and ".join(chart.upper() for chart in charts)
    account = "the account by which AMKO looks into the cluster"
    yield "estate.yaml", "what this estate is; everything else was rendered from it"
    yield ".estate/", "the record of that rendering, and the schema for `estate.yaml`"
    yield "avi/", "GSLB on the Avi controllers: SE groups, DNS virtual services, sites"
    yield "dns/", "the delegation, in the form that your DNS server reads"
    yield "sites/SITE/tanzu/", "what `tanzu management-cluster create` reads"
    yield "sites/SITE/management/", "what the management cluster of a site pulls"
    yield ".../credentials/`, `.../clusters/", "the vCenter Secret of each workload cluster; its `Cluster` object"
    if any(site["deployments"] for site in estate["sites"]):
        yield ".../ako/", "the AKODeploymentConfig of each workload cluster in which TKG installs AKO"
    yield "sites/SITE/clusters/CLUSTER/", "what a workload cluster pulls"
    yield ".../secrets/", f"Secrets of {names}, and {account}"
    if any(cluster["when"]["own-member"] for cluster in clusters):
        yield ".../member/", f"{account}, where no chart is installed"
    for chart in charts:
        yield f".../{chart}/", f"the release of {chart.upper()}'s chart, with its values"
    if any(cluster["when"]["gslb"] for cluster in clusters):
        yield ".../gslb/", "which site of an active-standby app serves"
    if any(cluster["served"] for cluster in clusters):
        yield ".../apps/APP/", "namespace, Ingress and source of an app"


def _running(estate: Data) -> Iterator[Data]:
    return (cluster for cluster in _clusters(estate) if cluster["runsAmko"])


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
