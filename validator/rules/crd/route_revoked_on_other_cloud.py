"""An L4Rule revokes its route on a cloud that has none to revoke.

What it finds:
    `revokeVipRoute: true` of an L4Rule where the estate file says that the site's cloud is not NSX-T.

Why it matters:
    AKO rejects the L4Rule: `RevokeVipRoute is only supported in NSX-T Cloud`.
    Source: AKO internal/k8s/validator.go ValidateL4RuleObj (1.12.1 to 2.1.1).

Bad:
    # estate.yaml: cloud: {type: vcenter}
    spec: {revokeVipRoute: true}

Good:
    # estate.yaml: cloud: {type: nsxt-overlay}
    spec: {revokeVipRoute: true}

Fix:
    Remove the setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import avi
from validator.rules.crd._objects import objects, title

SETTING = ("spec", "revokeVipRoute")


@rule("CRD112", Severity.ERROR, sources=("HR-11", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster, item in objects(estate, "L4Rule"):
        cloud = avi(estate, cluster, "cloud", "type")
        if item.get(*SETTING) is True and cloud is not None and not cloud.value.startswith("nsxt"):
            yield Problem(
                item.at(*SETTING),
                f"`revokeVipRoute` of {title(item)} needs an NSX-T cloud, this one is of type `{cloud.value}`; AKO "
                "rejects it",
                related=((cloud.at, "declared here"),),
            )
