"""The networks of a running cluster change.

What it finds:
    A `Cluster` whose pod or service networks or service domain (`spec.clusterNetwork`) are others than at the
    base revision. Needs `--base`.

Why it matters:
    The networks are decided when the cluster is made: kubeadm writes them into its ConfigMap, the API server's
    certificate and the DNS Service, nodes get their pod ranges from them, and the CNI is configured with them.
    A change reaches at best some of the machines that are made later: a cluster with two service networks, in
    which DNS and the API server's own Service are not found by half of the nodes. AKO's static routes follow
    the nodes and mix both.
    Source: kubernetes-sigs/cluster-api bootstrap/kubeadm reconcileTopLevelObjectSettings (v1.2.8);
    kubernetes.io (kubeadm reconfigure: networking is not changed).

Bad:
    clusterNetwork:
      pods: {cidrBlocks: [10.64.0.0/16]}     # was 100.96.0.0/11

Good:
    clusterNetwork:
      pods: {cidrBlocks: [100.96.0.0/11]}

Fix:
    Put the networks back; make a new cluster with the new ones and move the applications.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.rules import rule

NETWORK = ("spec", "clusterNetwork")
FIELDS: tuple[Pointer, ...] = (("pods", "cidrBlocks"), ("services", "cidrBlocks"), ("serviceDomain",))


@rule("TKG903", Severity.ERROR, sources=("cluster-api bootstrap/kubeadm@v1.2.8", "tkg-avi TKG-14"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        for field in FIELDS:
            before, now = (one.manifest.get(*NETWORK, *field) for one in (pair.old, pair.new))
            if before != now and before is not None and not pair.new.manifest.uncertain:
                yield Problem(
                    pair.new.manifest.at(*NETWORK, *field),
                    f"`{'.'.join(map(str, (*NETWORK, *field)))}` of `{pair.new.name}` was {_shown(before)} and is "
                    f"{_shown(now)}: the networks of a running cluster cannot change; put them back",
                )


def _shown(value: Any) -> str:
    if value is None:
        return "not set any more"
    return ", ".join(f"`{item}`" for item in value) if isinstance(value, list) else f"`{value}`"
