"""A policy that takes members from no cluster, or not from one that has global applications.

What it finds:
    A policy without `matchClusters` (the chart then writes `cluster1-admin` and `cluster2-admin`, the names of examples) or with an
    empty list; and a cluster of `configs.memberClusters` that `matchClusters` leaves out although this repository puts Ingresses or
    Services there that the policy's label selects.

Why it matters:
    AMKO accepts an empty list and selects nothing; for a cluster that is left out it logs `rejected because cluster is not
    selected` at INFO and goes on. The site serves nothing, and nobody is told.
    Source: AMKO gslb/ingestion/gdp_controller.go GDPSanityChecks, gslb/ingestion/fullsync.go clusterSync; helm/amko/values.yaml
    (1.9.1 to 2.1.1).

Bad:
    globalDeploymentPolicy:
      appSelector: {label: {app: gslb}}
      matchClusters: []

Good:
    globalDeploymentPolicy:
      appSelector: {label: {app: gslb}}
      matchClusters: [{cluster: a-admin@a}, {cluster: b-admin@b}]

Fix:
    List every cluster that serves global applications in `matchClusters`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import Naming
from validator.federation.policies import Policy, policies
from validator.federation.selection import Verdict, judge, read_policy
from validator.finding import Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.gdp._names import contexts, naming_of

MATCH, MEMBERS = "matchClusters", ("configs", "memberClusters")
BLOCK = "globalDeploymentPolicy"


@rule("CTX106", Severity.ERROR, sources=("AMKO-CTX-06",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        found, naming = policy.get(MATCH), naming_of(estate, policy)
        if _is_told(policy):
            continue
        if (found is MISSING or found == []) and not policy.open:
            examples = found is MISSING and policy.from_chart
            what = (
                "the chart then writes `cluster1-admin` and `cluster2-admin`, which are examples"
                if examples
                else "it selects nothing then"
            )
            yield Problem(
                policy.at(MATCH),
                f"`{policy.path(MATCH)}` of {policy.title} is {'not set' if found is MISSING else 'empty'}; {what}: list the clusters",
            )
        elif isinstance(found, list) and policy.release is not None and naming is not None:
            yield from _left_out(estate, policy, policy.release, naming)


def _is_told(policy: Policy) -> bool:
    """Return whether another rule says why the list is missing: a misspelt key, or no policy at all."""
    return policy.get() in (MISSING, {}) or policy.told(MATCH)


def _left_out(estate: Estate, policy: Policy, release: Release, naming: Naming) -> Iterator[Problem]:
    matched = contexts(policy, MATCH, naming)
    members, selects = release.get(*MEMBERS), read_policy(release)
    if None in matched or selects is None or not selects.sound or not isinstance(members, list):
        return
    for item in members:
        context = naming.of(item.get("clusterContext")) if isinstance(item, dict) else None
        cluster = estate.cluster_of(context) if context is not None and context not in matched else None
        if cluster is None:
            continue
        workloads = cluster.workloads
        chosen = (
            one
            for one in (*workloads.ingresses, *workloads.balancers)
            if judge(cluster, one, selects) is Verdict.SELECTED
        )
        if (first := next(chosen, None)) is not None:
            yield Problem(
                policy.at(MATCH),
                f"`{policy.path(MATCH)}` of {policy.title} leaves out `{context}`, where the policy's label is on {first.kind} "
                f"`{first.namespace}/{first.name}`; it gets no GSLB service from there",
                related=((first.at("metadata", "name"), f"in cluster `{cluster.name}`"),),
                fix=_added(estate, policy, release, item["clusterContext"]),
            )


def _added(estate: Estate, policy: Policy, release: Release, context: str) -> tuple[Edit, ...]:
    """Add a member to the list; with a traffic split it needs a share too, which is for people to say."""
    if policy.manifest is not None or policy.get("trafficSplit") not in (MISSING, None, []):
        return ()
    return edits.append(estate, release, (BLOCK, MATCH), {"cluster": context})
