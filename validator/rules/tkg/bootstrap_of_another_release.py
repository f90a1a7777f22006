"""A ClusterBootstrap completes itself from another release than its Cluster runs.

What it finds:
    Annotation `tkg.tanzu.vmware.com/add-missing-fields-from-tkr` of a `ClusterBootstrap` that does not name a
    release (TKR) of the `topology.version` of the Cluster of the same name; in a TKR name `+` is written `---`.

Why it matters:
    The webhook fills the packages from the release that the annotation names. CNI, CSI and CPI of another
    Kubernetes version are installed, or the ClusterBootstrap is denied because no such release exists.
    Source: tanzu-framework v0.28.3 addons/webhooks/clusterbootstrap_webhook.go;
    providers/yttcb/clusterbootstrap.yaml.

Bad:
    kind: ClusterBootstrap
    metadata: {name: tkg-a, annotations: {tkg.tanzu.vmware.com/add-missing-fields-from-tkr: v1.24.9+vmware.1-tkg.1}}

Good:
    kind: ClusterBootstrap
    metadata: {name: tkg-a, annotations: {tkg.tanzu.vmware.com/add-missing-fields-from-tkr: v1.24.9---vmware.1-tkg.1}}

Fix:
    Write the name of the TKR: the version with `---` for `+`, and its `-tkg.N`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import SPEC

ANNOTATION = "tkg.tanzu.vmware.com/add-missing-fields-from-tkr"


@rule(
    "TKG122",
    Severity.ERROR,
    sources=("TKG-22", "tanzu-framework v0.28.3 providers/yttcb/clusterbootstrap.yaml"),
)
def check(estate: Estate) -> Iterator[Problem]:
    topologies = {(topology.namespace, topology.name): topology for topology in estate.topologies}
    for manifest in estate.objects("ClusterBootstrap"):
        given = manifest.annotations.get(ANNOTATION)
        topology = topologies.get((manifest.namespace or "default", manifest.name))
        version = topology.manifest.get(*SPEC, "version") if topology else None
        if not isinstance(given, str) or topology is None or not isinstance(version, str):
            continue
        wanted = f"v{version.removeprefix('v')}".replace("+", "---")
        if given != wanted and not given.startswith(f"{wanted}-tkg."):
            full = wanted if "-tkg." in wanted else f"{wanted}-tkg.N"
            yield Problem(
                manifest.at("metadata", "annotations", ANNOTATION),
                f"ClusterBootstrap `{manifest.name}` is completed from `{given}`, the Cluster runs `{version}`; "
                f"the release is called `{full}`",
                related=((topology.manifest.at(*SPEC, "version"), "version of the Cluster"),),
            )
