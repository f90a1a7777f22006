"""A GlobalDeploymentPolicy that AMKO does not read.

What it finds:
    A GlobalDeploymentPolicy object outside of namespace `avi-system`, or with another version than `amko.vmware.com/v1alpha2`.

Why it matters:
    AMKO passes over policies in other namespaces without a status and without a log line. Without any policy in `avi-system`,
    AMKO makes no GSLB service, and at a start deletes those that it made. `v1alpha1` was never read by these releases, although
    the documentation shows it.
    Source: AMKO gslb/ingestion/gdp_controller.go AddGDPObj; pkg/apis/amko/v1alpha2; docs/crds/gdp.md (1.9.1 to 2.1.1).

Bad:
    apiVersion: amko.vmware.com/v1alpha2
    kind: GlobalDeploymentPolicy
    metadata: {name: global-gdp, namespace: default}

Good:
    apiVersion: amko.vmware.com/v1alpha2
    kind: GlobalDeploymentPolicy
    metadata: {name: global-gdp, namespace: avi-system}

Fix:
    Put the policy into `avi-system`, with `apiVersion: amko.vmware.com/v1alpha2`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP, NAMESPACE
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP113", Severity.ERROR, sources=("GDP-20",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("GlobalDeploymentPolicy"):
        for manifest in cluster.of("GlobalDeploymentPolicy"):
            if manifest.api_version != f"{GROUP}/v1alpha2":
                yield Problem(
                    manifest.at("apiVersion"),
                    f"GlobalDeploymentPolicy `{manifest.name}` has apiVersion `{manifest.api_version}`; AMKO reads `{GROUP}/v1alpha2` only",
                )
            elif manifest.namespace != NAMESPACE:
                where = f"is in namespace `{manifest.namespace}`" if manifest.namespace else "has no namespace"
                yield Problem(
                    manifest.at("metadata", "namespace"),
                    f"GlobalDeploymentPolicy `{manifest.name}` {where}; AMKO reads policies in `{NAMESPACE}` only",
                )
