"""A cluster runs AMKO without `gslb-config-secret`, which the other clusters have.

What it finds:
    An AMKO release in a cluster that gets no `gslb-config-secret`, while another cluster of the repository gets
    one. Where no cluster has it, it is made by other means (`kubectl create secret`), and the rule is silent.

Why it matters:
    The chart does not make this Secret. AMKO's pod waits for it in CreateContainerConfigError: a follower that
    cannot take over when the leader's site is lost, or no GSLB at all.
    Source: AMKO helm/amko/templates/statefulset.yaml, README Prerequisites (1.9.1 to 2.1.1).

Bad:
    site01: {Secret: gslb-config-secret}
    site02: {}

Good:
    site01: {Secret: gslb-config-secret}
    site02: {Secret: gslb-config-secret}

Fix:
    Give this cluster the Secret, with the same kubeconfig contexts, and list its file in the kustomization.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sec._constant import CONSTANTS, misnamed, named
from validator.secrets.objects import GSLB_CONFIG

CONSTANT = next(constant for constant in CONSTANTS if constant.name == GSLB_CONFIG)


@rule("SEC104", Severity.ERROR, sources=("AMKO-SEC-01", "AMKO README.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    clusters = [cluster for cluster in estate.clusters if cluster.amko]
    example = next((secret for cluster in clusters for secret in named(cluster, CONSTANT)), None)
    if example is None:
        return
    for cluster in clusters:
        if cluster.uncertain or estate.unreadable or named(cluster, CONSTANT) or any(misnamed(cluster, CONSTANT)):
            continue
        yield Problem(
            cluster.amko[0].manifest.at("metadata", "name"),
            f"cluster `{cluster.name}` runs AMKO but gets no Secret `{GSLB_CONFIG}`, which other clusters of this "
            "repository get; AMKO's pod does not start without it",
            related=((example.name_at(), "another cluster gets it here"),),
            absence=cluster.root,
        )
