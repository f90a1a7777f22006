"""A variable changes that a running cluster cannot follow.

What it finds:
    A `Cluster` whose variable `cni`, `aviAPIServerHAProvider` or `network.ipv6Primary` has another value than
    at the base revision, defaults of the class counted in; or whose vCenter or datacenter is another one. Needs
    `--base`.

Why it matters:
    The CNI and the first IP family are laid down when a cluster is made; another value installs a second CNI
    beside the first. Another provider of the API server's address takes kube-vip, or Avi's virtual service,
    away from an address that is in use. Another vCenter or datacenter makes every new machine there, while
    volumes and the old machines stay behind.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml;
    load-balancer-operator-for-kubernetes pkg/haprovider (1.7.0).

Bad:
    variables:
      - {name: cni, value: calico}     # was antrea

Good:
    variables:
      - {name: cni, value: antrea}

Fix:
    Put the value back; make a new cluster with the new one and move the applications. A vCenter that only got
    another name may be changed: suppress the finding with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import ABSENT, Topology

FIXED: dict[tuple[str, ...], Any] = {
    ("cni",): "antrea",
    ("aviAPIServerHAProvider",): False,
    ("network", "ipv6Primary"): False,
}
"""Variables with their defaults (tkg-vsphere-default-v1.0.0)."""
ELSEWHERE = (("vcenter", "server"), ("vcenter", "datacenter"))


@rule("TKG907", Severity.ERROR, sources=("tkg-avi A1", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.topologies if estate.past else ():
        if not pair.new.is_vsphere or pair.new.manifest.uncertain:
            continue
        for pointer, default in FIXED.items():
            before, now = (_value(one, pointer, default) for one in (pair.old, pair.new))
            if before != now:
                what = "a running cluster cannot follow; put it back"
                yield _problem(pair.new, pointer, before, now, what, Severity.ERROR)
        for pointer in ELSEWHERE:
            before, now = (_value(one, pointer, ABSENT) for one in (pair.old, pair.new))
            if before != now and isinstance(before, str) and isinstance(now, str):
                what = "new machines are made there, volumes and old machines stay behind"
                yield _problem(pair.new, pointer, before, now, what, Severity.WARNING)


def _value(topology: Topology, pointer: tuple[str, ...], default: Any) -> Any:
    found = topology.value(*pointer)
    return default if found is ABSENT or found is None else found


def _problem(
    topology: Topology, pointer: tuple[str, ...], before: Any, now: Any, what: str, severity: Severity
) -> Problem:
    was, is_now = (str(value).lower() if isinstance(value, bool) else value for value in (before, now))
    text = f"`{'.'.join(pointer)}` of `{topology.name}` was `{was}` and is `{is_now}`: {what}"
    return Problem(topology.at(*pointer), text, severity=severity)
