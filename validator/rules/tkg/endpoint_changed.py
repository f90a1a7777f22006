"""The address of a running API server changes.

What it finds:
    A `Cluster` whose variable `apiServerEndpoint` or `apiServerPort` has another value than at the base
    revision. Needs `--base`.

Why it matters:
    The endpoint is written once, into the API server's certificate, into the kubeconfig of every kubelet, and
    into every kubeconfig that was handed out, those of AMKO's members too. With another address the nodes lose
    their API server, and Cluster API, which has the old one in `spec.controlPlaneEndpoint`, loses the cluster.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere (VSphereCluster controlPlaneEndpoint);
    load-balancer-operator-for-kubernetes pkg/ako-operator/lib.go SetControlPlaneEndpoint (1.7.0).

Bad:
    variables:
      - {name: apiServerEndpoint, value: 192.168.60.41}     # was 192.168.60.40

Good:
    variables:
      - {name: apiServerEndpoint, value: 192.168.60.40}

Fix:
    Put the address back. A cluster that must have another one is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import ABSENT

DEFAULTS = {"apiServerEndpoint": None, "apiServerPort": 6443}


@rule("TKG904", Severity.ERROR, sources=("tkg-avi A3", "load-balancer-operator pkg/ako-operator/lib.go@1.7.0"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        for name, default in DEFAULTS.items():
            before, now = (one.value(name) for one in (pair.old, pair.new))
            before, now = (default if value in (ABSENT, None, "") else value for value in (before, now))
            if before is not None and now is not None and before != now:
                yield Problem(
                    pair.new.at(name),
                    f"`{name}` of `{pair.new.name}` was `{before}` and is `{now}`: nodes, certificates and "
                    "kubeconfigs keep the old one, and the cluster is lost to them; put it back",
                )
