"""A member cluster whose AKO is too old for AMKO.

What it finds:
    AMKO from 1.11.1 on, and a cluster in `configs.memberClusters` with an AKO before 1.11.1.

Why it matters:
    AMKO then asks every member for HostRules of version `v1beta1`, which the CRDs of AKO serve from 1.11.1 on. `HostRule API not
    available for cluster`: the member is tried again every 30 seconds and never joins, all its applications leave GSLB.
    Source: AMKO gslb/ingestion/member_controllers.go InitializeMemberCluster@1.11.1; CHANGELOG.md 1.11.1.

Bad:
    # site01: AMKO 1.11.1
    # site02
    chart: {spec: {chart: ako, version: 1.10.5}}

Good:
    # site02
    chart: {spec: {chart: ako, version: 1.11.1}}

Fix:
    Upgrade AKO with its CRDs in all member clusters before AMKO, and let Flux replace CRDs (`upgrade.crds: CreateReplace`).
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko, version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.amk._releases import member_releases

FIRST = "1.11.1"


@rule("AMK308", Severity.ERROR, sources=("AMKO-VER-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        for model, text, release in member_releases(estate, federation):
            if release.version is None or amko.has(text, "betaHostRule") is not True:
                continue
            if (version.compare(release.version, FIRST) or 0) < 0:
                yield Problem(
                    release.version_at,
                    f"AKO of member cluster `{release.cluster.name}` is {release.version}; AMKO {text} needs HostRule v1beta1, which "
                    f"AKO serves from {FIRST} on, and the cluster never joins",
                    related=((model.version_at, f"AMKO {text} in `{model.cluster.name}`"),),
                )
