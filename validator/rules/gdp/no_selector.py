"""A GSLB policy that selects nothing, because it has no selector.

What it finds:
    A policy with neither `appSelector` nor `namespaceSelector`, or with empty ones only.

Why it matters:
    The chart then writes `matchRules: null`, which the API server refuses (`spec.matchRules in body must be of type object`)
    or prunes. A policy without selectors takes no object: nothing is global, and at the next start AMKO deletes the GSLB
    services that it made before.
    Source: AMKO helm/amko/templates/gdp.yaml; gslb/gslbutils/gdputils.go ApplyFilter; docs/troubleshooting.md (1.9.1 to
    2.1.1).

Bad:
    globalDeploymentPolicy:
      matchClusters: [{cluster: a-admin@a}]

Good:
    globalDeploymentPolicy:
      appSelector: {label: {app: gslb}}
      matchClusters: [{cluster: a-admin@a}]

Fix:
    Set `appSelector` to the label of the Ingresses and Services that are to be global, or `namespaceSelector` to that of their
    namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule

SELECTORS = ("appSelector", "namespaceSelector")


@rule("GDP101", Severity.ERROR, sources=("GDP-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        if policy.open or (policy.release is not None and not policy.release.values.merged):
            continue
        selectors = [policy.get(name) for name in SELECTORS]
        if any(value is not MISSING and not isinstance(value, dict) for value in selectors):
            continue
        if any(isinstance(value, dict) and value.get("label") not in (None, {}) for value in selectors):
            continue
        if any(policy.told(name, "label") for name in SELECTORS):
            continue
        given = next((name for name, value in zip(SELECTORS, selectors, strict=True) if value is not MISSING), None)
        yield Problem(
            policy.at(given or SELECTORS[0]),
            f"{policy.title} has no `appSelector` and no `namespaceSelector` with a label, so that it selects nothing; set one of them",
        )
