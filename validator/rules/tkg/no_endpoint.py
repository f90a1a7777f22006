"""A cluster has neither an address for its API server nor anyone to give it one.

What it finds:
    `aviAPIServerHAProvider` false or absent, and `apiServerEndpoint` empty or absent.

Why it matters:
    kube-vip then gets no address: the first control plane node starts, but its API server is reachable under no
    stable address, so no second machine joins and Cluster API waits for ever.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere, patches apiServerEndpoint and kube-vip.

Bad:
    variables: [{name: aviAPIServerHAProvider, value: false}]

Good:
    variables: [{name: aviAPIServerHAProvider, value: true}, {name: apiServerEndpoint, value: 192.0.2.40}]

Fix:
    Give the cluster a static `apiServerEndpoint`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import ABSENT

EMPTY = (ABSENT, None, "")


@rule("TKG105", Severity.ERROR, sources=("TKG-05", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        provider = topology.value("aviAPIServerHAProvider")
        unset = topology.value("apiServerEndpoint") in EMPTY and provider in (*EMPTY, False)
        doubtful = not topology.is_readable or topology.seems_misspelt("apiServerEndpoint")
        if (
            topology.is_vsphere
            and unset
            and not doubtful
            and not topology.manifest.get("spec", "controlPlaneEndpoint", "host")
        ):
            name = "apiServerEndpoint" if "apiServerEndpoint" in topology.by_name else "aviAPIServerHAProvider"
            yield Problem(
                topology.at(name),
                f"`{topology.name}` has no `apiServerEndpoint`, and `aviAPIServerHAProvider` is not true: "
                "its API server gets no address",
            )
