"""The policy of the leading AMKO leaves its cluster.

What it finds:
    The AMKO release of the base revision's leader, or its GlobalDeploymentPolicy, that the cluster has no more, while
    the cluster itself stays and nothing keeps the object from being pruned. Needs `--base`.

Why it matters:
    Flux and Argo CD delete what they applied before. An AMKO that sees its policy deleted takes the filter away,
    rejects every object, and deletes all GSLB services: every global name stops answering within seconds. It does so
    even when another cluster has become the leader in the same commit, as it still leads until it has read that.
    Source: AMKO gslb/ingestion/gdp_controller.go DeleteGDPObj (1.9.1 to 2.1.1).

Bad:
    # the HelmRelease amko of the leader is deleted

Good:
    metadata:
      name: amko
      annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}

Fix:
    Move the lead first and let that be applied; then remove the release of what is a follower by now. Keep `prune:
    disabled` (Argo CD: `Prune=false`) on the release of the leader.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import survives
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, says_leader
from validator.read.manifest import Manifest
from validator.rules import rule

POLICY = ("GlobalDeploymentPolicy", "amko.vmware.com")


@rule("GDP901", Severity.ERROR, sources=("AMKO gslb/ingestion/gdp_controller.go@2.1.1", "AMKO-FED-06"))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    if past is None:
        return
    for release, cluster in past.lost_releases("amko"):
        if cluster is None or release.engine == "manifests" or not says_leader(release) or cluster.of(*POLICY):
            continue
        if not survives(release.manifest, release.cluster):
            yield _problem(estate, release.manifest, cluster, f"AMKO release `{release.name}`")
    for policy, pair in past.lost_objects(*POLICY):
        leads = any(says_leader(release) for release in pair.old.amko)
        replaced = pair.new.of(*POLICY) or any(release.engine != "manifests" for release in pair.new.amko)
        if leads and not replaced and not survives(policy, pair.old):
            yield _problem(estate, policy, pair.new, f"GlobalDeploymentPolicy `{policy.name}`")


def _problem(estate: Estate, lost: Manifest, cluster: Cluster, what: str) -> Problem:
    assert estate.past is not None
    return Problem(
        estate.past.place(lost.document.path),
        f"cluster `{cluster.name}`, which led, has no {what} any more: when it is pruned, AMKO deletes every GSLB "
        "service with its policy; move the lead first, in a commit before this one",
        site=cluster.site,
        cluster=cluster.name,
    )
