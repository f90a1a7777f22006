"""An AKODeploymentConfig of an API that nobody serves.

What it finds:
    An AKODeploymentConfig whose `apiVersion` is not `networking.tkg.tanzu.vmware.com/v1alpha1`.

Why it matters:
    The API server does not know it, and the whole Kustomization or sync fails. The sample in the operator's own
    repository has the wrong group.
    Source: load-balancer-operator-for-kubernetes 1.7.0 api/v1alpha1, config/samples.

Bad:
    apiVersion: network.tanzu.vmware.com/v1alpha1
    kind: AKODeploymentConfig

Good:
    apiVersion: networking.tkg.tanzu.vmware.com/v1alpha1
    kind: AKODeploymentConfig

Fix:
    Write `networking.tkg.tanzu.vmware.com/v1alpha1`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.ako_deployment import GROUP

API_VERSION = f"{GROUP}/v1alpha1"


@rule("AVI104", Severity.ERROR, sources=("AVI-04", "load-balancer-operator-for-kubernetes 1.7.0 api/v1alpha1"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest in estate.objects("AKODeploymentConfig"):
        if manifest.api_version != API_VERSION:
            text = f"AKODeploymentConfig `{manifest.name}` is of `{manifest.api_version}`, TKG serves `{API_VERSION}`"
            yield Problem(manifest.at("apiVersion"), text)
