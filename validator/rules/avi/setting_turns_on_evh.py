"""A setting of an AKODeploymentConfig that sets another one.

What it finds:
    `extraConfigs.layer7Only` or `extraConfigs.enableEvents` in an AKODeploymentConfig.

Why it matters:
    The AKO Operator writes both into `enableEVH`. Setting either switches enhanced virtual hosting on or off
    for all clusters selected, which makes AKO delete and make anew every virtual service; what was asked for is
    not set.
    Source: load-balancer-operator-for-kubernetes 1.7.0 to 1.12 pkg/ako/values.go.

Bad:
    extraConfigs: {layer7Only: true}

Good:
    extraConfigs: {enableEVH: false}

Fix:
    Remove it; set `layer7Only` through a Helm installation of AKO where it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.ako_deployment import GROUP

WRONG = ("layer7Only", "enableEvents")


@rule("AVI103", Severity.ERROR, sources=("AVI-03", "load-balancer-operator-for-kubernetes 1.7.0 pkg/ako/values.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest in estate.objects("AKODeploymentConfig"):
        extra = manifest.spec.get("extraConfigs")
        if not isinstance(extra, dict) or manifest.group != GROUP:
            continue
        for key in WRONG:
            if key in extra:
                at = manifest.at("spec", "extraConfigs", key, key=True)
                text = f"`{key}` of AKODeploymentConfig `{manifest.name}` sets `enableEVH` instead; remove it"
                yield Problem(at, text)
