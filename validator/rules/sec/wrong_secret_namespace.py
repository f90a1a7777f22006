"""A Secret that a chart looks up stands in another namespace than the chart's pods.

What it finds:
    `gslb-config-secret` or `gslb-avi-secret` outside `avi-system`, `avi-secret` outside the namespace of every
    AKO release of its cluster.

Why it matters:
    A pod reads Secrets of its own namespace only: AMKO stays in CreateContainerConfigError. AMKO moreover works
    in `avi-system` only, so the Secret cannot follow a release elsewhere.
    Source: Kubernetes SecretKeySelector; AMKO gslb/gslbutils, constant AVISystem (1.9.1 to 2.1.1).

Bad:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: amko}

Good:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: avi-system}

Fix:
    Move it; a SealedSecret must be sealed again, as its scope holds the namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sec._constant import CONSTANTS, named, namespaces, releases


@rule("SEC103", Severity.ERROR, sources=("AMKO-SEC-01", "AMKO-FED-03"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for constant in CONSTANTS:
            found = named(cluster, constant) if releases(cluster, constant) else []
            wanted = namespaces(cluster, constant) if found else set()
            if any(secret.namespace in wanted or not secret.namespace for secret in found):
                continue
            places = ", ".join(f"`{name}`" for name in sorted(wanted))
            for secret in found:
                yield Problem(
                    secret.manifest.at("metadata", "namespace"),
                    f"{secret.made_by} `{secret.name}` lands in namespace `{secret.namespace}`; "
                    f"the pods of {constant.chart.upper()} read it in {places}",
                )
