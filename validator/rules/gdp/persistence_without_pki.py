"""Site persistence without the PKI profile that the controller wants.

What it finds:
    A policy or GSLBHostRule with site persistence, on Avi 22.1.3 or later, where AMKO cannot give the PKI profile (up to 1.11.1),
    or can and does not. The Avi version is that of the estate file's GSLB leader, else `configs.controllerVersion`.

Why it matters:
    From 22.1.3 on Avi wants a PKI profile with site persistence. Without one it refuses the GSLB service, and AMKO logs the
    error of every service with TLS members. The chart does not write `pkiProfileRef`, in no version.
    Source: AMKO CHANGELOG.md 1.9.1 (known issue), docs/crds/gdp.md@1.12.1; helm/amko/templates/gdp.yaml@2.1.1.

Bad:
    # AMKO 2.1.1, Avi 31.1.1
    spec: {sitePersistenceRef: gap-1}

Good:
    spec: {sitePersistenceRef: gap-1, pkiProfileRef: pki-1}

Fix:
    Give `pkiProfileRef` as well, by a patch of the GlobalDeploymentPolicy; with AMKO up to 1.11.1 leave site persistence off.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from validator.facts import amko, version
from validator.federation.policies import Policy, host_rules, policies, policies_of
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule

FIRST = "22.1.3"


@rule("GDP111", Severity.WARNING, sources=("GDP-18",))
def check(estate: Estate) -> Iterator[Problem]:
    declared = (estate.declared.resolved.get("gslb") or {}).get("leaderVersion") if estate.declared else None
    for policy in chain(policies(estate), host_rules(estate)):
        place = _wanted(policy)
        if place is None or policy.release is None or policy.version is None or policy.open:
            continue
        avi = declared or policy.release.get("configs", "controllerVersion")
        if not isinstance(avi, str) or (version.compare(avi, FIRST) or 0) < 0 or version.parse(avi) is None:
            continue
        able = amko.has(policy.version, "pkiProfile")
        if able is False:
            yield Problem(
                policy.at(*place),
                f"{policy.title} has site persistence, for which Avi {avi} wants a PKI profile; AMKO {policy.version} cannot give "
                "one (1.12.1 and later can), and Avi refuses the GSLB services",
                severity=Severity.ERROR,
            )
        elif able and not _given(policy):
            yield Problem(
                policy.at(*place),
                f"{policy.title} has site persistence without a PKI profile, which Avi {avi} wants from {FIRST} on; set `pkiProfileRef` "
                "of the GlobalDeploymentPolicy, which the chart does not write",
            )


def _wanted(policy: Policy) -> tuple[str, ...] | None:
    if policy.manifest is not None and policy.manifest.kind == "GSLBHostRule":
        return ("sitePersistence", "enabled") if policy.get("sitePersistence", "enabled") is True else None
    reference = policy.get("sitePersistenceRef")
    return ("sitePersistenceRef",) if isinstance(reference, str) and reference else None


def _given(policy: Policy) -> bool:
    own = policy.get("pkiProfileRef"), policy.get("sitePersistence", "pkiProfileRef")
    beside = [other.get("pkiProfileRef") for other in policies_of(policy.cluster)]
    return any(value not in (MISSING, "") for value in (*own, *beside))
