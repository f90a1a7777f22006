"""A time to live of 0.

What it finds:
    `ttl: 0` in a GlobalDeploymentPolicy or GSLBHostRule object. (In the values of the chart it is told by the values schema: the
    chart leaves 0 out.)

Why it matters:
    The API server accepts 0, and AMKO passes it on. Avi takes 1 to 86400 and refuses the GSLB service, so that it is never
    made or never updated.
    Source: AMKO helm/amko/crds/gdp_def.yaml (minimum 0); docs/crds/gdp.md; Avi API GslbService.ttl.

Bad:
    spec: {ttl: 0}

Good:
    spec: {ttl: 10}

Fix:
    Give seconds from 1 to 86400, or leave `ttl` out to take that of the DNS virtual service.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from validator.federation.policies import host_rules, policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("GDP109", Severity.ERROR, sources=("GDP-15", "GHR-11"))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in chain(policies(estate), host_rules(estate)):
        ttl = policy.get("ttl")
        if not policy.from_chart and ttl == 0 and not isinstance(ttl, bool):
            yield Problem(
                policy.at("ttl"),
                f"`ttl` of {policy.title} is 0; Avi takes 1 to 86400 seconds and refuses the GSLB service",
            )
