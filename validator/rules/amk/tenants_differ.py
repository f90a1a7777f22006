"""The AMKOs of a federation use different tenants.

What it finds:
    `configs.tenant` that is not the same in all clusters of a federation; where it is not set it is `admin`. In a draw, the cluster
    that differs from the leader is at fault.

Why it matters:
    The leader makes GSLB services in its own tenant. A follower with another tenant, once it leads, looks for them elsewhere, finds
    none, and makes them again beside the old ones.
    Source: AMKO gslb/ingestion/gslb.go parseControllerDetails (1.11.1 to 2.1.1).

Bad:
    # site01
    configs: {tenant: gslb}
    ---
    # site02
    configs: {gslbLeaderController: avi-01.example.com}

Good:
    # site02
    configs: {gslbLeaderController: avi-01.example.com, tenant: gslb}

Fix:
    Set the same tenant in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.agreement import disagreements
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.rules import rule

TENANT = ("configs", "tenant")
DEFAULT = "admin"


@rule("AMK305", Severity.ERROR, sources=("AMKO-TEN-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        answers = [(release, name) for release in federation.releases if (name := _tenant(release))]
        for release, model in disagreements(federation, answers):
            yield Problem(
                release.at(*TENANT),
                f"`{release.title(*TENANT)}` of cluster `{release.cluster.name}` is `{_tenant(release)}`{_default(release)}, that of "
                f"`{model.cluster.name}` is `{_tenant(model)}`{_default(model)}; it must be the same in all clusters of a federation",
                related=((model.at(*TENANT), f"the tenant of `{model.cluster.name}`"),),
            )


def _tenant(release: Release) -> str | None:
    if release.version is not None and amko.has(release.version, "tenant") is False:
        return None
    value = release.get(*TENANT)
    if value is MISSING and release.values.unknown:
        return None
    if value in (MISSING, None, ""):
        return DEFAULT
    return value if isinstance(value, str) else None


def _default(release: Release) -> str:
    return " by default" if release.get(*TENANT) in (MISSING, None, "") else ""
