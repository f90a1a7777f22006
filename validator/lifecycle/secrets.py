"""The Secrets of an estate: their names, their keys, and where each value comes from; never a value.

Each is described once and written by the backend of the estate: a Secret for SOPS, a SealedSecret, an ExternalSecret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from validator.facts import ako
from validator.facts.names import MEMBERS_SECRET
from validator.lifecycle.charts import NAMESPACE, PLACEHOLDER
from validator.lifecycle.yaml_text import yaml_text

Data = dict[str, Any]

SUFFIX = {"sops": "sops", "sealed-secrets": "sealed", "external-secrets": "external"}
"""What stands before `.yaml` in the name of a secret's file; `.sops.yaml` is what the rule in .sops.yaml encrypts."""
WATCH = {"reconcile.fluxcd.io/watch": "Enabled"}
"""Flux 2.7 and newer: the release follows when the Secret of its `valuesFrom` changes, not at the next interval."""
BEFORE = {"argocd.argoproj.io/sync-wave": "-1"}
"""Argo CD: the Secret is there, and holds its values, before the objects of its Application that use it."""


def vcenter(estate: Data, cluster: Data) -> Data:
    """Return the Secret that the ClusterClass looks for: name and namespace of its Cluster."""
    return _secret(
        estate,
        cluster,
        name=cluster["name"],
        namespace=cluster["namespace"],
        keys={"username": PLACEHOLDER, "password": PLACEHOLDER},
        remote=_pair(estate, cluster, "vcenter"),
        annotations={**estate["keep"], **(BEFORE if estate["engine"] == "argocd" else {})},
    )


def ako_credentials(estate: Data, cluster: Data) -> list[Data]:
    """Return the Secrets that the AKO release needs."""
    if estate["engine"] == "flux":
        return [_values(estate, cluster, "ako-credentials", "avicredentials")]
    return [_direct(estate, cluster, "avi-secret", "ako-credentials")]


def amko_credentials(estate: Data, cluster: Data) -> list[Data]:
    """Return the Secrets that the AMKO release needs."""
    if estate["engine"] == "flux":
        credentials = _values(estate, cluster, "amko-credentials", "gslbLeaderCredentials")
    else:
        credentials = _direct(estate, cluster, "gslb-avi-secret", "amko-credentials")
    return [credentials, _members(estate, cluster)]


def app_secrets(estate: Data, cluster: Data, app: Data) -> list[Data]:
    """Return the Secrets of an app in one cluster: for pulling its images, for its host's certificate."""
    found = []
    if app["pullSecret"]:
        found.append(_pull_secret(estate, cluster, app))
    if app["tls"]:
        found.append(_certificate(estate, cluster, app))
    return found


def chart_makes_secret(estate: Data, chart: str) -> bool:
    """Say whether a chart makes its Secret whatever its values are (facts 0.3)."""
    return chart == "amko" or not ako.has(estate["versions"]["ako"], "optionalCredentials")


def _values(estate: Data, cluster: Data, name: str, block: str) -> Data:
    """Return a Secret that holds a whole values document: `targetPath` would read a password as `helm --set` does."""
    document = {block: {"username": PLACEHOLDER, "password": PLACEHOLDER}}
    return _secret(
        estate,
        cluster,
        name=name,
        namespace=NAMESPACE,
        keys={"values.yaml": yaml_text(document) + "\n"},
        remote=_pair(estate, cluster, name),
        template={
            "values.yaml": f"{block}:\n  username: {{{{ .username | toJson }}}}\n  password: {{{{ .password | toJson }}}}\n"
        },
        labels=WATCH,
    )


def _direct(estate: Data, cluster: Data, name: str, remote: str) -> Data:
    return _secret(
        estate,
        cluster,
        name=name,
        namespace=NAMESPACE,
        keys={"username": PLACEHOLDER, "password": PLACEHOLDER},
        remote=_pair(estate, cluster, remote),
        annotations=BEFORE,
    )


def _members(estate: Data, cluster: Data) -> Data:
    """Return the kubeconfig of all clusters that AMKO looks into; its contexts are the names in AMKO's lists."""
    members = estate["amko"]["reached"]
    remote = [
        {"secretKey": f"{key}_{_word(member)}", "remoteRef": _remote(estate, member["cluster"], "amko-member", key)}
        for member in members
        for key in ("ca", "token")
    ]
    return _secret(
        estate,
        cluster,
        name=MEMBERS_SECRET,
        namespace=NAMESPACE,
        keys={"gslb-members": _kubeconfig(estate, lambda _member, _key: PLACEHOLDER)},
        remote=remote,
        template={"gslb-members": _kubeconfig(estate, lambda member, key: f"{{{{ .{key}_{_word(member)} }}}}")},
        annotations=BEFORE if estate["engine"] == "argocd" else {},
    )


def _kubeconfig(estate: Data, fill: Any) -> str:
    members = estate["amko"]["reached"]
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": member["cluster"],
                "cluster": {"server": member["server"], "certificate-authority-data": fill(member, "ca")},
            }
            for member in members
        ],
        "users": [{"name": member["cluster"], "user": {"token": fill(member, "token")}} for member in members],
        "contexts": [
            {"name": member["context"], "context": {"cluster": member["cluster"], "user": member["cluster"]}}
            for member in members
        ],
    }
    return yaml_text(document) + "\n"


def _word(member: Data) -> str:
    """Return a name that Go templates can use; cluster names hold no `_`, so none meets another."""
    return str(member["cluster"]).replace("-", "_")


def _pull_secret(estate: Data, cluster: Data, app: Data) -> Data:
    wanted = app["pullSecret"]
    name, registry = wanted["name"], wanted["registry"]
    login = {"username": PLACEHOLDER, "password": PLACEHOLDER}
    auth = '{"username": {{ .username | toJson }}, "password": {{ .password | toJson }}}'
    template = f'{{"auths": {{{json.dumps(registry)}: {auth}}}}}'
    return _secret(
        estate,
        cluster,
        name=name,
        namespace=app["namespace"],
        type="kubernetes.io/dockerconfigjson",
        keys={".dockerconfigjson": json.dumps({"auths": {registry: login}})},
        remote=_pair(estate, cluster, name),
        template={".dockerconfigjson": template},
    )


def _certificate(estate: Data, cluster: Data, app: Data) -> Data:
    name = app["tls"]["secret"]
    keys = ("tls.crt", "tls.key")
    return _secret(
        estate,
        cluster,
        name=name,
        namespace=app["namespace"],
        type="kubernetes.io/tls",
        keys=dict.fromkeys(keys, PLACEHOLDER),
        remote=[{"secretKey": key, "remoteRef": _remote(estate, cluster["name"], name, key)} for key in keys],
    )


def _secret(
    estate: Data,
    cluster: Data,
    *,
    name: str,
    namespace: str,
    keys: Data,
    remote: list[Data],
    template: Data | None = None,
    type: str = "Opaque",  # the field's own name
    annotations: Data | None = None,
    labels: Data | None = None,
) -> Data:
    return {
        "name": name,
        "namespace": namespace,
        "type": type,
        "file": f"{name}.{SUFFIX[estate['secrets']['backend']]}",
        "context": cluster["context"],
        "labels": labels or {},
        "annotations": annotations or {},
        "entries": keys,
        "remote": remote,
        "template": template or {},
    }


def _pair(estate: Data, cluster: Data, what: str) -> list[Data]:
    return [
        {"secretKey": key, "remoteRef": _remote(estate, cluster["name"], what, key)} for key in ("username", "password")
    ]


def _remote(estate: Data, cluster: str, what: str, key: str) -> Data:
    return {"key": f"{estate['secrets']['externalSecrets']['prefix']}/{cluster}/{what}", "property": key}


def paths(secrets: Iterable[Data], folder: str) -> list[Data]:
    """Return secrets with the path of their file under `folder`."""
    return [{**secret, "path": f"{folder}/{secret['file']}.yaml"} for secret in secrets]
