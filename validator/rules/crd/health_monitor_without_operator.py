"""An L4Rule refers to HealthMonitor objects that nobody makes into monitors.

What it finds:
    `healthMonitorCrdRefs` of an L4Rule in a cluster whose AKO is older than 1.14.1, or runs with
    `ako-crd-operator.enabled: false` in its primary.

Why it matters:
    HealthMonitor objects are the CRD operator's. Without it AKO rejects the L4Rule: `HealthMonitor CRD referenced
    but AKO CRD Operator is not enabled`; older releases do not know the field and drop it.
    Source: AKO internal/k8s/validator.go ValidateL4RuleObj (1.14.1 to 2.1.1).

Bad:
    # AKO: ako-crd-operator: {enabled: false}
    spec: {backendProperties: [{port: 80, protocol: TCP, healthMonitorCrdRefs: [hm-shop]}]}

Good:
    # AKO: ako-crd-operator: {enabled: true}
    spec: {backendProperties: [{port: 80, protocol: TCP, healthMonitorCrdRefs: [hm-shop]}]}

Fix:
    Turn the operator on, or name monitors of Avi in `healthMonitorRefs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import setting
from validator.rules.crd._objects import items, objects, title

PROPERTIES = ("spec", "backendProperties")
OPERATOR = ("ako-crd-operator", "enabled")


@rule("CRD113", Severity.ERROR, sources=("HR-11", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster, item in objects(estate, "L4Rule"):
        reason = _reason(cluster)
        for index, part in items(item.value, *PROPERTIES) if reason else ():
            if reason and isinstance(part, dict) and part.get("healthMonitorCrdRefs"):
                yield Problem(
                    item.at(*PROPERTIES, index, "healthMonitorCrdRefs"),
                    f"{title(item)} refers to HealthMonitor objects, {reason[1]}",
                    related=((reason[0], f"AKO of `{cluster.name}`"),),
                )


def _reason(cluster: Cluster) -> tuple[Ref, str] | None:
    releases = [one for one in cluster.ako if one.version is not None]
    if not releases or len(releases) < len(cluster.ako):
        return None
    if all(ako.has(one.version or "", "crdOperator") is False for one in releases):
        return releases[0].version_at, f"AKO {releases[0].version} has no operator for them"
    if all(setting(one, *OPERATOR) is False for one in releases):
        return releases[0].at(*OPERATOR), "`ako-crd-operator` is off; AKO rejects it"
    return None
