"""A passthrough Ingress is selected although AMKO goes by global FQDNs.

What it finds:
    With `configs.useCustomGlobalFqdn: true`: a selected Ingress with `passthrough.ako.vmware.com/enabled: "true"`.

Why it matters:
    AMKO drops it: `passthrough ingress not supported in customfqdn mode`. The site is no member for its hosts.
    Source: AMKO gslb/k8sobjects/ingress_object.go ApplyFilter (1.9.1 to 2.1.1).

Bad:
    metadata:
      labels: {app: gslb}
      annotations: {passthrough.ako.vmware.com/enabled: "true"}

Good:
    metadata:
      labels: {app: gslb}

Fix:
    Terminate TLS at the virtual service, or publish the application by a Service of type LoadBalancer.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import PASSTHROUGH
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("APP124", Severity.WARNING, sources=("APP-22", "AMKO gslb/k8sobjects/ingress_object.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound or not selection.policy.custom:
            continue
        told: set[int] = set()
        for found in selection.selected:
            text = found.manifest.annotations.get(PASSTHROUGH)
            if found.rule is None or not isinstance(text, str) or text.lower() != "true" or id(found.manifest) in told:
                continue
            told.add(id(found.manifest))
            yield Problem(
                found.manifest.at("metadata", "annotations", PASSTHROUGH),
                f"Ingress `{found.manifest.namespace}/{found.manifest.name}` is passed through, which AMKO does not "
                "support with useCustomGlobalFqdn; it drops the Ingress",
                related=((selection.policy.release.at("configs", "useCustomGlobalFqdn"), "set here"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
