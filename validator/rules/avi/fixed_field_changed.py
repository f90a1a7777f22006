"""A field of an AKODeploymentConfig changes that its webhook keeps as it is.

What it finds:
    An AKODeploymentConfig whose `clusterSelector` or `controlPlaneNetwork` differs from the base revision.
    Needs `--base`.

Why it matters:
    The webhook of the AKO Operator refuses the change (`field should not be changed`): the addresses of API
    servers come from that network, and clusters must not move from one configuration to another. Flux applies a
    folder as a whole, so everything else in it waits too.
    Source: load-balancer-operator-for-kubernetes api/v1alpha1/akodeploymentconfig_webhook.go
    validateClusterSelector, validateAVI (1.7.0).

Bad:
    spec:
      controlPlaneNetwork: {name: vip-02, cidr: 192.168.62.0/24}     # was vip-01

Good:
    spec:
      controlPlaneNetwork: {name: vip-01, cidr: 192.168.60.0/24}

Fix:
    Put the field back; make another AKODeploymentConfig for new clusters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule

FIELDS = (("clusterSelector", "matchLabels"), ("clusterSelector", "matchExpressions"))
NETWORK = (("controlPlaneNetwork", "name"), ("controlPlaneNetwork", "cidr"))


@rule("AVI901", Severity.ERROR, sources=("load-balancer-operator api/v1alpha1/akodeploymentconfig_webhook.go@1.7.0",))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.objects("AKODeploymentConfig", "networking.tkg.tanzu.vmware.com") if estate.past else ():
        for pointer in (*FIELDS, *NETWORK):
            before, now = (_value(one, pointer) for one in (pair.old, pair.new))
            if before != now and not pair.new.uncertain:
                yield Problem(
                    pair.new.at("spec", *pointer),
                    f"`spec.{'.'.join(pointer)}` of AKODeploymentConfig `{pair.new.name}` differs from the base "
                    "revision; its webhook refuses any change of that field",
                )
                break


def _value(item: Manifest, pointer: tuple[str, ...]) -> Any:
    return item.get("spec", *pointer) or None
