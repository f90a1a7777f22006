"""An AKODeploymentConfig refers to a Secret that nothing makes.

What it finds:
    `adminCredentialRef` or `certificateAuthorityRef` with a name or namespace that is neither that of the Secret which
    TKG's installer makes nor that of a Secret of this management cluster in the repository.

Why it matters:
    The webhook refuses the object with `can't find secret`, and the clusters that it is for get no AKO.
    Source: load-balancer-operator-for-kubernetes v1.7.0 api/v1alpha1/akodeploymentconfig_webhook.go validateAviSecret;
    tanzu-framework v0.28.3 packages/ako-operator-v2/bundle/config/overlays/overlay-secret.yaml.

Bad:
    adminCredentialRef: {name: avi-credentials, namespace: tkg-system-networking}

Good:
    adminCredentialRef: {name: avi-controller-credentials, namespace: tkg-system-networking}

Fix:
    Name the Secret of the installer, or put one of your own into the repository.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import table
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.secrets.objects import secrets
from validator.tkg.ako_deployment import configs

RENAMING = ("AVI_ADMIN_CREDENTIAL_NAME", "AVI_CA_NAME", "AVI_NAMESPACE")
REFERENCES = {"adminCredentialRef": "adminCredential", "certificateAuthorityRef": "authority"}


@rule("AVI205", Severity.WARNING, sources=("tkg-avi B2", "load-balancer-operator-for-kubernetes v1.7.0 api/v1alpha1"))
def check(estate: Estate) -> Iterator[Problem]:
    operator = table("tkg")["akoOperator"]
    for cluster in estate.clusters:
        found = configs(cluster)
        made = {(secret.namespace, secret.name) for secret in secrets(cluster)} if found else set()
        renamed = set(_renamed(estate)) if found else set()
        for manifest in found if not cluster.uncertain else ():
            for field, fact in REFERENCES.items():
                name, namespace = (manifest.get("spec", field, key) for key in ("name", "namespace"))
                if not isinstance(name, str) or not isinstance(namespace, str) or {name, namespace} & renamed:
                    continue
                if (namespace, name) in made or (namespace, name) == (operator["systemNamespace"], operator[fact]):
                    continue
                key = "name" if name != operator[fact] else "namespace"
                yield Problem(
                    manifest.at("spec", field, key),
                    f"`{field}` is Secret `{namespace}/{name}`, which nothing here makes; that of TKG's installer is "
                    f"`{operator['systemNamespace']}/{operator[fact]}`",
                )


def _renamed(estate: Estate) -> Iterator[str]:
    """Yield the names that a configuration file gives to what the installer makes."""
    for found in estate.configurations:
        yield from (text for variable in RENAMING if (text := found.text(variable)))
