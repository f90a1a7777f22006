"""A policy with health monitors both by reference and by template.

What it finds:
    A policy with `healthMonitorRefs` and `healthMonitorTemplate`. The chart renders both without a word.

Why it matters:
    AMKO refuses the policy: `health monitor reference and template cannot be specified together`. A policy that is refused when
    AMKO starts counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gdp_controller.go GDPSanityChecks; helm/amko/templates/gdp.yaml (1.9.1 to 2.1.1).

Bad:
    globalDeploymentPolicy:
      healthMonitorRefs: [hm-https]
      healthMonitorTemplate: hm-template

Good:
    globalDeploymentPolicy:
      healthMonitorRefs: [hm-https]

Fix:
    Keep one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.federation.refusals import health_monitors
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP106", Severity.ERROR, sources=("GDP-06",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        yield from health_monitors(policy)
