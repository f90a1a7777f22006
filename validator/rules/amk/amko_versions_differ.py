"""The AMKOs of a federation have different versions.

What it finds:
    Clusters of one federation whose AMKO charts (or the `version` of their AMKOCluster objects) differ. The finding stands
    at the versions of the minority, in a draw at those that differ from the leader's.

Why it matters:
    The leader asks every member for its version and passes over those with another one: `version mismatch, current AMKO: a,
    AMKO in cluster X: b`. Configuration and policy are no longer copied there, and nothing else shows it, until that
    cluster has to take over.
    Source: AMKO federator/controllers/utils.go ValidateMemberClusters (1.9.1 to 2.1.1); docs/federation.md.

Bad:
    # site01
    chart: {spec: {chart: amko, version: 1.9.1}}
    ---
    # site02
    chart: {spec: {chart: amko, version: 1.10.1}}

Good:
    # site01
    chart: {spec: {chart: amko, version: 1.9.1}}
    ---
    # site02
    chart: {spec: {chart: amko, version: 1.9.1}}

Fix:
    Give all clusters of the federation the same chart version. During an upgrade, take the followers first and the leader
    last, and change neither configuration nor policy in between; with `--base`, a change that takes up followers is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import version
from validator.federation.agreement import disagreements
from validator.finding import Problem, Severity
from validator.model import Estate, Federation
from validator.rules import rule
from validator.rules.amk._releases import is_known


@rule("AMK107", Severity.ERROR, sources=("AMKO-FED-04",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        versions = [(release, release.version) for release in federation.releases if is_known(release)]
        if _is_rolled_out(estate, federation):
            continue
        for release, model in disagreements(federation, versions):
            yield Problem(
                release.version_at,
                f"AMKO of cluster `{release.cluster.name}` is {release.version}, that of `{model.cluster.name}` is "
                f"{model.version}; all AMKOs of a federation must have one version, else the leader passes over the others",
                related=((model.version_at, f"`{model.cluster.name}` has {model.version}"),),
            )


def _is_rolled_out(estate: Estate, federation: Federation) -> bool:
    """Return whether the change is a step of an upgrade in its order: followers first, while the leader waits."""
    raised = estate.past.raised("amko") if estate.past else {}
    leaders = {id(release) for release in federation.leaders}
    old = {release.version for release in federation.releases if id(release) in leaders}
    if len(old) != 1 or leaders & raised.keys() or not any(id(one) in raised for one in federation.releases):
        return False
    leading = old.pop()
    return all(
        leading and release.version and (version.compare(leading, release.version) or 0) <= 0
        for release in federation.releases
    )
