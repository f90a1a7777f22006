"""A GSLBHostRule for a name that no GSLB service has.

What it finds:
    A GSLBHostRule whose `fqdn` is not the name of any GSLB service that the policy makes: no host of a selected Ingress or Service,
    or, in custom FQDN mode, no `gslb.fqdn` of a HostRule. Only where all member clusters and all that runs in them stand in this
    repository.

Why it matters:
    AMKO logs `no GS for the GS FQDN in host rule, will return`, while the object says Accepted. Weights, health monitors or a
    standby site that somebody relies on are not there.
    Source: AMKO gslb/nodes/dq_ingestion.go AddUpdateGSLBHostRuleOperation (1.9.1 to 2.1.1).

Bad:
    # the Ingress has shop.avi.example.com
    spec: {fqdn: shop.example.com, ttl: 10}

Good:
    spec: {fqdn: shop.avi.example.com, ttl: 10}

Fix:
    Write the name that the GSLB service has.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import Policy, host_rules
from validator.federation.selection import Selection, Verdict
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule


@rule("GHR103", Severity.WARNING, sources=("GHR-03",))
def check(estate: Estate) -> Iterator[Problem]:
    wanted: dict[int, Selection] = {}
    for selection in estate.selections:
        if _known(estate, selection):
            wanted.update(dict.fromkeys(map(id, selection.federation.clusters), selection))
    for policy in host_rules(estate):
        found, name = wanted.get(id(policy.cluster)), policy.get("fqdn")
        if found is None or not isinstance(name, str) or not name or name in found.names or _is_unsure(policy):
            continue
        near = nearest(name, found.names)
        hint = f"; did you mean `{near}`?" if near else ""
        first = next(iter(found.names.get(near or "", ())), None)
        yield Problem(
            policy.at("fqdn"),
            f"{policy.title} is for `{name}`, but the policy makes no GSLB service of that name{hint}",
            related=((first.at, f"`{near}` in cluster `{first.cluster.name}`"),) if first else (),
        )


def _known(estate: Estate, selection: Selection) -> bool:
    """Return whether every GSLB service of a federation is known."""
    policy = selection.policy
    if not policy.sound or len(selection.members) != len(policy.contexts) or not selection.candidates:
        return False
    if any(cluster.uncertain or cluster.workloads.foreign(estate.folders) for cluster in selection.members):
        return False
    return all(c.verdict is not Verdict.UNKNOWN and (c.name or not c.selected) for c in selection.candidates)


def _is_unsure(policy: Policy) -> bool:
    return policy.open or "$" in str(policy.get("fqdn"))
