"""AKO expects another CNI than the cluster has.

What it finds:
    `AKOSettings.cniPlugin` of `calico`, `openshift` or `cilium` on a TKG cluster with another CNI; a TKG cluster
    with Calico in ClusterIP mode whose AKO is not told so.

Why it matters:
    For these plugins AKO waits for objects of the CNI's own resources; where they do not exist the cache never
    syncs and AKO hangs at its start. With Calico the pod networks of a node stand in Calico's own objects; AKO that
    does not read them sets static routes to the wrong nodes.
    Source: AKO internal/k8s/controller.go Start, internal/nodes/vrf (1.9.2 to 2.1.1).

Bad:
    # Cluster: variables: [{name: cni, value: antrea}]
    AKOSettings: {cniPlugin: calico}

Good:
    AKOSettings: {cniPlugin: antrea}

Fix:
    Set `cniPlugin` to the cluster's CNI.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import CNI, cni, releases, routed, text

WAITS = frozenset({"calico", "openshift", "cilium"})


@rule("AKO110", Severity.ERROR, sources=("AKO-12", "AKO internal/k8s/controller.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        plugin, real = text(release, *CNI), cni(estate, release.cluster)
        if plugin is None or real is None or real.value.lower() in {plugin.lower(), "none"}:
            continue
        told = (
            f"`cniPlugin` is {f'`{plugin}`' if plugin else 'not set'}, the CNI of cluster `{release.cluster.name}` is"
        )
        if plugin.lower() in WAITS:
            text_ = f"{told} `{real.value}`; AKO waits for resources that are not there and never starts"
        elif real.value.lower() == "calico" and routed(release):
            text_ = f"{told} `calico`; AKO sets its static routes to the wrong nodes"
        else:
            continue
        yield Problem(release.at(*CNI), text_, related=((real.at, "the cluster's CNI"),))
