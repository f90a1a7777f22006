"""A cluster context that no cluster of the federation has.

What it finds:
    A name in `federation.currentCluster`, `federation.memberClusters`, `configs.memberClusters`, `matchClusters` or
    `trafficSplit` that is not the kubeconfig context of any cluster: one that the estate file does not declare, or, without
    an estate file, one that is spelt unlike everywhere else. Each wrong name is told once, with all places where it stands.

Why it matters:
    AMKO knows clusters by their context only and compares the names letter by letter. In `federation.memberClusters` a
    wrong one ends the boot of the leader with `error in building context config`; in `configs.memberClusters` the cluster
    is skipped with one warning in the log and never tried again, so that a site silently has no members; in the policy
    AMKO rejects the policy, and a policy that is rejected at boot deletes every GSLB service that AMKO made before.
    Source: AMKO federator/controllers/utils.go InitMemberClusterContexts, gslb/ingestion/gslb.go
    InitializeGSLBMemberClusters, gslb/ingestion/gdp_controller.go GDPSanityChecks (1.9.1 to 2.1.1).

Bad:
    # site01 and all lists of site02, but this one
    federation:
      currentCluster: b-admin@b
      memberClusters: [a-admin@a, b-amdin@b]

Good:
    federation:
      currentCluster: b-admin@b
      memberClusters: [a-admin@a, b-admin@b]

Fix:
    Write the context as it stands in the kubeconfig of `gslb-config-secret`, in every place that the finding names.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import Misnomer
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule

MOST = 20
"""Other places of the same wrong name that a finding lists."""


@rule("CTX101", Severity.ERROR, sources=("AMKO-CTX-01", "AMKO-CTX-02", "AMKO-FED-01"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for misnomer in naming.wrong.values():
            yield _problem(misnomer, list(naming.declared) or sorted(naming.own))


def _problem(misnomer: Misnomer, known: list[str]) -> Problem:
    first, *others = sorted(misnomer.mentions, key=lambda mention: mention.pointer != ("federation", "currentCluster"))
    if misnomer.right is not None:
        hint = f"did you mean `{misnomer.right}`?"
    else:
        names = ", ".join(f"`{name}`" for name in known[:8])
        hint = f"the clusters are {names}" + (" and others" if len(known) > 8 else "")
    related: list[tuple[Ref, str]] = [misnomer.proof] if misnomer.proof else []
    related.extend((other.at, f"`{misnomer.text}` stands in `{other.title}` too") for other in others[:MOST])
    return Problem(
        first.at,
        f"context `{misnomer.text}` in `{first.title}` is not the context of any cluster of this federation; {hint}",
        related=tuple(related),
    )
