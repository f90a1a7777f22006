"""A host of GSLB disappears from one member cluster and stays in others.

What it finds:
    A host that the policy selects, that a member cluster had at the base revision and has no more, while other
    member clusters keep it. Silent where the missing host is told without a base already. Needs `--base`.

Why it matters:
    AMKO makes the members of a GSLB service from the hosts that it finds. The cluster is no member any more:
    nothing fails, DNS answers with the clusters that are left, and the day those fail there is nothing to fail over
    to.
    Source: AMKO gslb/nodes/dq_ingestion.go DeriveGSLBServiceName (1.9.1 to 2.1.1).

Bad:
    # site02: the folder of the app is deleted; site01 keeps it

Good:
    # site01 and site02: the folder of the app is there, or in neither

Fix:
    Put the app back, or take it out of every site. Where one site is meant, say so: `mode: single-site` in
    `estate.yaml`, or suppress the finding with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import Selection
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.app import host_missing_in_site
from validator.rules.app._hosts import declared_hosts, listed


@rule("APP901", Severity.WARNING, sources=("APP-01", "AMKO gslb/nodes/dq_ingestion.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    if past is None or past.blind:
        return
    told = {(problem.cluster, problem.at) for problem in host_missing_in_site.check(estate)}
    declared = declared_hosts(estate)
    before: dict[Cluster, set[str]] = {}
    for selection in past.then.selections:
        for one in selection.selected:
            before.setdefault(one.cluster, set()).add(one.host)
    for selection in estate.selections:
        if selection.policy.sound and not selection.policy.custom:
            for cluster in selection.members:
                old = past.of(cluster)
                hosts = before.get(old, set()) if old and not cluster.uncertain else set()
                for host in sorted(hosts - declared.keys() - {""}):
                    problem = _lost(selection, cluster, host)
                    if problem and (problem.cluster, problem.at) not in told:
                        yield problem


def _lost(selection: Selection, cluster: Cluster, host: str) -> Problem | None:
    having = selection.hosts.get(host, {})
    first = next((one for found in having.values() for one in found if one.selected), None)
    if cluster in having or first is None or "$" in host:
        return None
    return Problem(
        first.at,
        f"host `{host}` was in cluster `{cluster.name}` too and is in {listed(one.name for one in having)} alone "
        "now; its GSLB service loses a member",
        site=cluster.site,
        cluster=cluster.name,
    )
