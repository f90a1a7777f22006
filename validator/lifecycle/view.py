"""What the template sees: the resolved estate with everything computed that would be logic in a template.

Adds to `validator.estate_file.declared.resolve(data)`:

    version, namespace              of this tool; of AKO and AMKO
    when{name: bool}                on the estate, a site, a cluster, a release, an app: which `_<name>` folders apply
    api{Kind: apiVersion}           served by the declared release of its product
    flux{feature: bool}, serverSideDiff, retry{}    what the declared Flux or Argo CD can do
    keep{}                          annotations of an object whose pruning would be an outage
    controllers{data, provider, collection, identifiers{site}, labels{site}}    what `avi/` is made of
    standby[]                       apps that need a GSLBHostRule
    zones[{name}], delegation{}     what is under dns/ (`validator.lifecycle.delegation`)
    runbook{}                       what README.md says (`validator.lifecycle.runbook`)
    amko.reached[{cluster, context, server}], amko.knowsUuid
    account{name, namespace, reads[], federates[]}      by which AMKO looks into its members (`validator.lifecycle.account`)
    sites[]: root, secrets[], steps[], deployments[{name, spec}]    what the management cluster pulls
    sites[]: tanzu{}, exported[{name, meaning, secret}]      its configuration file, and what the environment gives
    clusters[]: root, releases[], served[], steps[], givenContext    what a workload cluster pulls
    releases[{name, chart, chartValues, secrets[], wave, annotatesUuid, ignore[]}]
    served[]: an app in that cluster, with root, secrets[], patches[], fluxSource{kind, ref{}}, argocdSources[]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator import __version__
from validator.estate_file.gslb_configuration import configuration
from validator.facts import amko, avi, served, tkg
from validator.lifecycle import secrets, tanzu
from validator.lifecycle.account import account
from validator.lifecycle.charts import NAMESPACE, ako_values, amko_values
from validator.lifecycle.delegation import delegation
from validator.lifecycle.runbook import runbook
from validator.lifecycle.yaml_text import yaml_text

Data = dict[str, Any]

KINDS = {
    "GitRepository": ("source.toolkit.fluxcd.io", "flux"),
    "HelmRepository": ("source.toolkit.fluxcd.io", "flux"),
    "OCIRepository": ("source.toolkit.fluxcd.io", "flux"),
    "Kustomization": ("kustomize.toolkit.fluxcd.io", "flux"),
    "HelmRelease": ("helm.toolkit.fluxcd.io", "flux"),
    "Application": ("argoproj.io", "argocd"),
    "ExternalSecret": ("external-secrets.io", "externalSecrets"),
    "SealedSecret": ("bitnami.com", "sealedSecrets"),
}
FLUX_FEATURES = ("chartRefOciV1", "disableTakeOwnership", "driftDetection", "retryStrategy")
KEEP = {
    "flux": {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
    "argocd": {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
}
AUTOMATION = ("terraform", "ansible")
IN_CLUSTER = "https://kubernetes.default.svc"


def view(resolved: Data) -> Data:
    """Return the template's variables for a resolved estate; `resolved` is left as it is."""
    versions, engine, backend = resolved["versions"], resolved["engine"], resolved["secrets"]["backend"]
    estate: Data = {
        **resolved,
        "version": __version__,
        "namespace": NAMESPACE,
        "when": {
            name: name in {engine, backend, resolved["gslb"]["automation"]}
            for name in (*KEEP, *secrets.SUFFIX, *AUTOMATION)
        },
        "controllers": _controllers(resolved),
        "api": {kind: _api(kind, versions) for kind in KINDS},
        "flux": {name: served.has("flux", versions["flux"], name) is not False for name in FLUX_FEATURES},
        "serverSideDiff": served.has("argocd", versions["argocd"], "serverSideDiff") is not False,
        "keep": KEEP[engine],
        "retry": _retry(versions["flux"]),
        "account": account(versions["amko"]),
        "standby": [app for app in resolved["apps"] if app["trafficSplit"]],
        "zones": [{"name": resolved["gslb"]["parentZone"]}],
        "delegation": delegation(resolved["gslb"]),
    }
    estate["amko"] = {
        **resolved["amko"],
        "knowsUuid": bool(amko.has(versions["amko"], "amkoUuid")),
        "reached": [_reached(cluster) for cluster in _clusters(resolved) if _is_reached(cluster)],
    }
    estate["sites"] = [_site(site, estate) for site in resolved["sites"]]
    estate["runbook"] = runbook(estate)
    return estate


def _controllers(resolved: Data) -> Data:
    """Return what configures the Avi controllers: the data, the releases of the tools, and each site's name in HCL.

    A provider alias or variable of HCL is no number and has no `-` in a shell's environment, a site's name may.
    """
    names = [site["name"] for site in resolved["sites"]]
    plain = all(name[0].isalpha() for name in names)
    identifiers = {name: ("" if plain else "site_") + name.replace("-", "_") for name in names}
    width = max(map(len, names)) + 2
    return {
        "data": configuration(resolved),
        "provider": avi.provider([site["avi"]["version"] for site in resolved["sites"]]),
        "collection": avi.COLLECTION,
        "identifiers": identifiers,
        "labels": {name: f'"{name}"'.ljust(width) for name in names},
    }


def _retry(flux: str) -> Data:
    """Return how Flux retries an install or upgrade without undoing it.

    Before it could, it uninstalled between attempts, and AMKO's policy with it: there nothing waits for pods, so that a
    slow start is no failure.
    """
    if served.has("flux", flux, "retryStrategy") is not False:
        return {"strategy": {"name": "RetryOnFailure"}}
    return {"disableWait": True, "remediation": {"retries": 3}}


def _is_reached(cluster: Data) -> bool:
    """Say whether AMKO looks into a cluster: to publish what runs there, or to make it a follower."""
    return bool(cluster["isMember"] or cluster["runsAmko"])


def _reached(cluster: Data) -> Data:
    server = f"https://{cluster['endpoint']}:{cluster['endpointPort']}"
    return {"cluster": cluster["name"], "context": cluster["context"], "server": server}


def _clusters(estate: Data) -> Iterator[Data]:
    return (cluster for site in estate["sites"] for cluster in site["clusters"])


def _api(kind: str, versions: Data) -> str:
    group, product = KINDS[kind]
    known = served.served_versions(group, kind, versions[product]) or tuple(served.api_versions(group, kind))
    return f"{group}/{known[-1]}"


def _site(site: Data, estate: Data) -> Data:
    root, management = site["managementPath"], site["management"]
    variables = tanzu.configuration(site)
    deployments = [tanzu.deployment(site, cluster) for cluster in site["clusters"] if cluster["akoByTkg"]]
    credentials = [
        {**secrets.vcenter(estate, cluster), "context": management["context"]} for cluster in site["clusters"]
    ]
    return {
        **site,
        "root": root,
        "when": {"own-namespace": management["namespace"] != "default", "ako-by-tkg": bool(deployments)},
        "tanzu": tanzu.written(variables),
        "exported": tanzu.exported(variables),
        "deployments": deployments,
        "secrets": secrets.paths(credentials, f"{root}/credentials"),
        "steps": list(_management_steps(root, deployments)),
        "clusters": [_cluster(cluster, site, estate) for cluster in site["clusters"]],
    }


def _management_steps(root: str, deployments: list[Data]) -> Iterator[Data]:
    """Yield the Flux Kustomizations of a management cluster: a cluster finds its Secret and its AKO when it is made."""
    yield _step("credentials", f"{root}/credentials", timeout="5m", decrypt=True, prune=False)
    if deployments:
        yield _step("ako-deployments", f"{root}/ako", after="credentials", timeout="5m", prune=False)
    before = "ako-deployments" if deployments else "credentials"
    yield _step("clusters", f"{root}/clusters", after=before, timeout="45m", prune=False)


def _cluster(cluster: Data, site: Data, estate: Data) -> Data:
    root = cluster["path"]
    releases = []
    if cluster["akoByChart"]:
        releases.append(_release("ako", ako_values(estate, site, cluster), cluster, estate))
    if cluster["runsAmko"]:
        releases.append(_release("amko", amko_values(estate, cluster), cluster, estate))
    hosts = bool(cluster["runsAmko"] and estate["standby"])
    apps = _served(cluster, estate)
    alone = _is_reached(cluster) and not releases  # TKG installs its AKO: nothing else brings AMKO's account
    return {
        **cluster,
        "root": root,
        "when": {"any-release": bool(releases), "own-member": alone, "gslb": hosts},
        "releases": releases,
        "served": apps,
        "givenContext": tkg.admin_context(cluster["name"]),
        "steps": list(_steps(cluster, releases, apps, hosts=hosts, alone=alone)),
    }


def _steps(cluster: Data, releases: list[Data], apps: list[Data], *, hosts: bool, alone: bool) -> Iterator[Data]:
    """Yield the Flux Kustomizations of a workload cluster, each after the one that it needs."""
    root, before = cluster["path"], ""
    if releases:
        before = "secrets"
        yield _step(before, f"{root}/secrets", timeout="5m", decrypt=True)
    if alone:
        yield _step("member", f"{root}/member", timeout="5m")
    for release in releases:
        yield _step(release["name"], f"{root}/{release['name']}", after=before, timeout="15m")
        before = release["name"]
    if hosts:
        yield _step("gslb", f"{root}/gslb", after="amko", timeout="5m")
    ako = next((release["name"] for release in releases if release["name"] == "ako"), "")
    for app in apps:
        # AKO publishes an app, and an AMKO in trouble must not hold its next release back; but where the sites do not
        # share the traffic, what says so comes first.
        after = "gslb" if _waits(app, cluster) else ako
        decrypt = bool(app["secrets"])
        yield _step(f"app-{app['name']}", f"{root}/apps/{app['name']}", after=after, timeout="15m", decrypt=decrypt)


def _step(name: str, path: str, *, timeout: str, after: str = "", decrypt: bool = False, prune: bool = True) -> Data:
    return {"name": name, "path": path, "after": after, "timeout": timeout, "decrypt": decrypt, "prune": prune}


def _release(name: str, values: Data, cluster: Data, estate: Data) -> Data:
    make = secrets.ako_credentials if name == "ako" else secrets.amko_credentials
    own = secrets.paths(make(estate, cluster), f"{cluster['path']}/secrets/{name}")
    return {
        "name": name,
        "chart": estate["charts"][name],
        "chartValues": values,
        "secrets": own,
        "wave": "1" if name == "ako" else "2",
        "when": {"member": name == ("ako" if cluster["akoByChart"] else "amko") and _is_reached(cluster)},
        "annotatesUuid": name == "amko" and not estate["amko"]["knowsUuid"],
        "ignore": list(_ignored(name, own[0]["name"], estate)),
    }


def _ignored(chart: str, secret: str, estate: Data) -> Iterator[Data]:
    """Yield what Argo CD must not compare: what AMKO writes into `status`, and a Secret that another controller fills.

    Never the `spec` of AMKO's objects: with RespectIgnoreDifferences a follower would keep what the old leader wrote,
    and could not take over.
    """
    if chart == "amko":
        for kind in ("GSLBConfig", "GlobalDeploymentPolicy"):
            yield {"group": "amko.vmware.com", "kind": kind, "jsonPointers": ["/status"]}
    if secrets.chart_makes_secret(estate, chart) and estate["secrets"]["backend"] != "sops":
        yield {"group": "", "kind": "Secret", "name": secret, "namespace": NAMESPACE, "jsonPointers": ["/data"]}


def _served(cluster: Data, estate: Data) -> list[Data]:
    """Return the apps of a cluster, in the order in which the estate has them.

    What two apps share, a namespace or a Secret, is rendered with one of them: with the first that need not wait for
    AMKO, so that the other is not held back.
    """
    apps = [app for app in estate["apps"] if cluster["name"] in app["clusters"]]
    found: dict[str, Data] = {}
    seen: set[tuple[str, ...]] = set()
    for app in sorted(apps, key=lambda app: _waits(app, cluster)):
        root = f"{cluster['path']}/apps/{app['name']}"
        space = app["namespace"]
        own = [s for s in secrets.app_secrets(estate, cluster, app) if (space, s["name"]) not in seen]
        pulls, source = bool(app["pullSecret"]), app["source"]
        when = {
            "namespace": (space,) not in seen,
            "service-account": pulls and (space, "", "default") not in seen,
            "secrets": bool(own),
            "source": bool(source),
        }
        seen |= {(space,), *((space, secret["name"]) for secret in own)}
        if pulls:
            seen.add((space, "", "default"))
        patches = list(_patches(app, cluster)) if source else []
        found[app["name"]] = {
            **app,
            "root": root,
            "when": when,
            "secrets": secrets.paths(own, f"{root}/secrets"),
            "patches": patches,
            "fluxSource": _flux_source(source, estate) if source else None,
            "argocdSources": _sources(app, root, own, patches, estate),
        }
    return [found[app["name"]] for app in apps]


def _waits(app: Data, cluster: Data) -> bool:
    """Say whether an app is held back until AMKO knows which site of it serves."""
    return bool(cluster["runsAmko"] and app["trafficSplit"])


def _patches(app: Data, cluster: Data) -> Iterator[Data]:
    """Yield the kustomize patches of an app's source."""
    if app["pullSecret"]:
        value = [{"name": app["pullSecret"]["name"]}]
        yield {"target": {"kind": "ServiceAccount"}, "patch": _add("/imagePullSecrets", value)}
    if cluster["ako"]["serviceType"] == "NodePort":
        yield {"target": {"kind": "Service", "name": app["service"]}, "patch": _add("/spec/type", "NodePort")}


def _add(path: str, value: Any) -> str:
    return yaml_text([{"op": "add", "path": path, "value": value}]) + "\n"


def _sources(app: Data, root: str, own: list[Data], patches: list[Data], estate: Data) -> list[Data]:
    """Return the sources of an app's Argo CD Application."""
    git = {"repoURL": estate["git"]["url"], "targetRevision": estate["git"]["branch"]}
    found: list[Data] = [{**git, "path": root}]
    if own:
        found.append({**git, "path": f"{root}/secrets", **plugin(estate)})
    if app["source"] and app["source"]["chart"]:
        chart = app["source"]["chart"]
        helm = {"releaseName": app["name"], **({"valuesObject": chart["values"]} if chart["values"] else {})}
        found.append(
            {
                "repoURL": chart["repoURL"],
                "chart": chart["name"],
                "targetRevision": chart["version"],
                "helm": helm,
            }
        )
    elif app["source"]:
        source = app["source"]["git"] or app["source"]["oci"]
        kustomize = {"components": source["components"], "patches": patches}
        found.append(
            {
                "repoURL": source["url"],
                "targetRevision": source["revision"],
                "path": source["path"] or ".",
                **({"kustomize": given} if (given := {k: v for k, v in kustomize.items() if v}) else {}),
            }
        )
    return found


def _flux_source(source: Data, estate: Data) -> Data:
    """Return which object Flux pulls an app's source by, and what pins it there; a chart may be pinned in its release."""
    if source["kind"] == "git":
        return {"kind": "GitRepository", "ref": _given(source["git"], "tag", "commit"), "chartRef": False}
    if source["kind"] == "oci":
        return {"kind": "OCIRepository", "ref": _given(source["oci"], "tag", "digest"), "chartRef": False}
    if source["chart"]["kind"] == "oci" and estate["flux"]["chartRefOciV1"]:
        return {"kind": "OCIRepository", "ref": {"tag": _oci_tag(source["chart"]["version"])}, "chartRef": True}
    return {"kind": "HelmRepository", "ref": {}, "chartRef": False}


def _oci_tag(version: str) -> str:
    """Return the tag that a chart of this version has in a registry: Helm writes `_` for the `+` that a tag may not hold."""
    return version.replace("+", "_")


def _given(block: Data, *keys: str) -> Data:
    return {key: block[key] for key in keys if block[key]}


def plugin(estate: Data) -> Data:
    """Return what makes Argo CD decrypt a source; it does not know SOPS by itself."""
    return {"plugin": {"name": "sops"}} if estate["secrets"]["backend"] == "sops" else {}
