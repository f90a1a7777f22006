"""AMKO's objects have different names in the clusters of a federation.

What it finds:
    The GSLBConfig or the GlobalDeploymentPolicy in `avi-system` is called otherwise in one cluster than in the others. The chart
    calls them `gc-1` and `global-gdp`.

Why it matters:
    The leader's federator deletes every GSLBConfig and every policy in a follower that has not the name of its own, and creates
    its own there. GitOps makes the deleted one again, and for a while the follower has two, with which AMKO does not start.
    Source: AMKO federator/controllers/utils.go FederateGCObjectOnMemberClusters, FederateGDPObjectOnMemberClusters (1.9.1 to
    2.1.1).

Bad:
    # site01: the chart's global-gdp
    # site02
    kind: GlobalDeploymentPolicy
    metadata: {name: gdp-site02, namespace: avi-system}

Good:
    kind: GlobalDeploymentPolicy
    metadata: {name: global-gdp, namespace: avi-system}

Fix:
    Give the object the same name in all clusters.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import names
from validator.federation.agreement import disagreements
from validator.federation.policies import GROUP, NAMESPACE
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Federation, Release
from validator.read.documents import Ref
from validator.rules import rule

MADE_BY_CHART = {"GSLBConfig": names.GSLB_CONFIG, "GlobalDeploymentPolicy": names.POLICY}


@rule("AMK114", Severity.ERROR, sources=("AMKO-FED-06",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        for kind, name in MADE_BY_CHART.items():
            yield from _names(federation, kind, name)


def _names(federation: Federation, kind: str, made: str) -> Iterator[Problem]:
    places: dict[int, tuple[str, Ref]] = {}
    answers: list[tuple[Release, str]] = []
    for release in federation.releases:
        found = _name(release.cluster, kind, made)
        if found is not None:
            places[id(release)] = found
            answers.append((release, found[0]))
    for release, model in disagreements(federation, answers):
        (mine, at), (theirs, there) = places[id(release)], places[id(model)]
        yield Problem(
            at,
            f"{kind} of cluster `{release.cluster.name}` is called `{mine}`, that of `{model.cluster.name}` `{theirs}`; the leader "
            "deletes those of followers that have another name than its own",
            related=((there, f"`{theirs}`"),),
        )


def _name(cluster: Cluster, kind: str, made: str) -> tuple[str, Ref] | None:
    """Return the name of the one object of a kind and where it is given; None where there are none or several."""
    found = [
        (item.name, item.at("metadata", "name")) for item in cluster.of(kind, GROUP) if item.namespace == NAMESPACE
    ]
    for release in cluster.amko:
        if release.engine != "manifests":
            found.append((made, release.manifest.at("metadata", "name")))
    return found[0] if len(found) == 1 else None
