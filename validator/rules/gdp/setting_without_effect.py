"""A policy setting that another one takes the effect from.

What it finds:
    Health monitors beside `controlPlaneHmOnly: true`, and `pkiProfileRef` without site persistence, in a GlobalDeploymentPolicy or
    GSLBHostRule object.

Why it matters:
    AMKO drops them without a word: with `controlPlaneHmOnly` it adds no health monitor at all, and it reads the PKI profile only
    for site persistence. The services then run without the checks that somebody thinks are there.
    Source: AMKO gslb/nodes/node_utils.go setGSLBPropertiesForGS (1.12.1 to 2.1.1).

Bad:
    spec: {controlPlaneHmOnly: true, healthMonitorRefs: [hm-https]}

Good:
    spec: {healthMonitorRefs: [hm-https]}

Fix:
    Remove the setting that has no effect, or the one that takes it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from validator.federation.policies import Policy, host_rules, policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule

MONITORS = ("healthMonitorRefs", "healthMonitorTemplate")


@rule("GDP112", Severity.WARNING, sources=("GDP-19",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in chain(policies(estate), host_rules(estate)):
        if policy.from_chart:
            continue
        if policy.get("controlPlaneHmOnly") is True:
            for name in MONITORS:
                if policy.get(name) not in (MISSING, "", []):
                    yield Problem(
                        policy.at(name, key=True),
                        f"`{name}` of {policy.title} has no effect beside `controlPlaneHmOnly: true`; keep one of them",
                        related=((policy.at("controlPlaneHmOnly"), "takes the effect away"),),
                    )
        yield from _profile(policy)


def _profile(policy: Policy) -> Iterator[Problem]:
    assert policy.manifest is not None
    if policy.manifest.kind == "GSLBHostRule":
        block = policy.get("sitePersistence")
        if isinstance(block, dict) and block.get("pkiProfileRef") and block.get("enabled") is False:
            yield Problem(
                policy.at("sitePersistence", "pkiProfileRef"),
                f"`pkiProfileRef` of {policy.title} has no effect while `sitePersistence.enabled` is false",
            )
    elif policy.get("pkiProfileRef") not in (MISSING, "") and policy.get("sitePersistenceRef") in (MISSING, ""):
        yield Problem(
            policy.at("pkiProfileRef"),
            f"`pkiProfileRef` of {policy.title} has no effect without `sitePersistenceRef`",
        )
