"""A node selector of an AKODeploymentConfig that arrives as something else.

What it finds:
    `extraConfigs.nodePortSelector` with a `value` in an AKODeploymentConfig.

Why it matters:
    The AKO Operator writes the value over the key and leaves the value empty: AKO looks for nodes with a label whose key
    is that value, finds none, and pools stay without servers.
    Source: load-balancer-operator-for-kubernetes v1.6.0 to v1.12 pkg/ako/values.go NewNodePortSelector.

Bad:
    extraConfigs: {nodePortSelector: {key: role, value: edge}}

Good:
    extraConfigs: {ingress: {serviceType: NodePort}}

Fix:
    Remove it; where a selector is needed, install AKO by its chart.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.tkg.ako_deployment import GROUP

SELECTOR = ("extraConfigs", "nodePortSelector")


@rule("AVI204", Severity.ERROR, sources=("AVI-03", "load-balancer-operator-for-kubernetes v1.7.0 pkg/ako/values.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest in estate.objects("AKODeploymentConfig"):
        value = dig(manifest.spec, (*SELECTOR, "value"))
        if manifest.group == GROUP and isinstance(value, str) and value:
            text = f"AKO gets `{value}` of AKODeploymentConfig `{manifest.name}` as the key of its node selector; remove it"
            yield Problem(manifest.at("spec", *SELECTOR, "value"), text)
