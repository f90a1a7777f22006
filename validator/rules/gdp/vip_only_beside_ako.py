"""A policy that passes over the annotations of an AKO that is there.

What it finds:
    `syncVipOnly: true` in `matchClusters` for a cluster in which this repository installs AKO.

Why it matters:
    With `syncVipOnly` AMKO takes the address from the status of the objects and not the virtual service from AKO's annotations.
    It is meant for clusters whose load balancer is not AKO. Beside AKO it works as long as the status has address and hostname,
    but Avi then knows the member as an address only, and its health does not follow the virtual service.
    Source: AMKO gslb/k8sobjects/ingress_object.go IngressGetIPAddrs; gslb/nodes BuildGSMemberObjFromMeta (1.9.1 to 2.1.1).

Bad:
    # AKO runs in cluster a
    matchClusters: [{cluster: a-admin@a, syncVipOnly: true}]

Good:
    matchClusters: [{cluster: a-admin@a}]

Fix:
    Remove `syncVipOnly` for clusters that run AKO.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.gdp._names import naming_of


@rule("GDP114", Severity.INFO, sources=("GDP-21",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        for index, item in policy.items("matchClusters"):
            if item.get("syncVipOnly") is not True:
                continue
            naming = naming_of(estate, policy)
            context = naming.of(item.get("cluster")) if naming is not None else item.get("cluster")
            cluster = estate.cluster_of(context) if isinstance(context, str) else None
            if cluster is not None and cluster.ako:
                yield Problem(
                    policy.at("matchClusters", index, "syncVipOnly"),
                    f"`syncVipOnly` is true for `{context}`, but cluster `{cluster.name}` runs AKO; AMKO then takes plain addresses "
                    "instead of AKO's virtual services",
                    related=((cluster.ako[0].manifest.at("metadata", "name"), f"AKO of `{cluster.name}`"),),
                )
