"""A reference to a profile that is an empty text.

What it finds:
    `sitePersistenceRef: ""` or `pkiProfileRef: ""` in a GlobalDeploymentPolicy object. (The chart leaves an empty
    `sitePersistenceRef` out.)

Why it matters:
    AMKO refuses the policy: `empty string as site persistence reference not supported`. A policy that is refused when AMKO starts
    counts as none, and every GSLB service that AMKO made is deleted.
    Source: AMKO gslb/ingestion/gdp_controller.go GDPSanityChecks (1.9.1 to 2.1.1).

Bad:
    spec: {sitePersistenceRef: ""}

Good:
    spec: {sitePersistenceRef: gap-1}

Fix:
    Name a federated profile, or remove the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

REFERENCES = ("sitePersistenceRef", "pkiProfileRef")


@rule("GDP110", Severity.ERROR, sources=("GDP-16",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        for name in REFERENCES:
            if not policy.from_chart and policy.get(name) == "":
                yield Problem(
                    policy.at(name),
                    f"`{name}` of {policy.title} is empty; AMKO refuses the policy, name a profile or remove the key",
                )
