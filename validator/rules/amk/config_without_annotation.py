"""A follower's GSLBConfig without any annotation.

What it finds:
    A GSLBConfig object of a cluster that follows, written without annotations, where nothing adds one: Flux applies it, or Argo CD
    with `ServerSideApply=true`. (Helm and client-side apply add annotations of their own.)

Why it matters:
    The leader's federator sets the annotation `amko.vmware.com/amko-uuid` on the follower's object without asking whether the object
    has annotations at all, and panics on a nil map: the leader's container crashes again and again.
    Source: AMKO federator/controllers/utils.go UpdateObjOnMemberCluster (1.9.1 to 2.1.1).

Bad:
    kind: GSLBConfig
    metadata: {name: gc-1, namespace: avi-system}

Good:
    kind: GSLBConfig
    metadata:
      name: gc-1
      namespace: avi-system
      annotations: {amko.vmware.com/amko-uuid: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}

Fix:
    Write the annotation with the UUID of the estate, the same in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, says_leader
from validator.read import flux
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("AMK115", Severity.ERROR, sources=("AMKO-FED-09",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("GSLBConfig"):
        if any(says_leader(release) is not False for release in cluster.amko):
            continue
        for manifest in cluster.of("GSLBConfig", GROUP):
            if not manifest.annotations and not manifest.uncertain and _server_side(cluster, manifest):
                yield Problem(
                    manifest.at("metadata"),
                    f"GSLBConfig `{manifest.name}` of follower `{cluster.name}` has no annotation, on which the leader's federator "
                    "crashes; write `amko.vmware.com/amko-uuid`",
                )


def _server_side(cluster: Cluster, manifest: Manifest) -> bool:
    """Return whether an object is applied without an annotation being added."""
    for application in cluster.of("Application", "argoproj.io"):
        if application.name == manifest.applied_by:
            options = application.get("spec", "syncPolicy", "syncOptions")
            return isinstance(options, list) and "ServerSideApply=true" in options
    return any(flux.is_kustomization(item) for item in cluster.of("Kustomization"))
