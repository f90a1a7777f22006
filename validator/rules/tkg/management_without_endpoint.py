"""A management cluster has neither an address of its API server nor Avi to give it one.

What it finds:
    A configuration file for vSphere in which `AVI_CONTROL_PLANE_HA_PROVIDER` is not true and
    `VSPHERE_CONTROL_PLANE_ENDPOINT` is not set.

Why it matters:
    Without Avi the address comes from kube-vip, which must be told it: the Tanzu CLI stops with
    `'VSPHERE_CONTROL_PLANE_ENDPOINT' config variable is required`.
    Source: tanzu-framework v0.28.3 tkg/client/validate.go configureAndValidateVIPForVsphereCluster.

Bad:
    AVI_CONTROL_PLANE_HA_PROVIDER: "false"

Good:
    AVI_CONTROL_PLANE_HA_PROVIDER: "false"
    VSPHERE_CONTROL_PLANE_ENDPOINT: 192.0.2.10

Fix:
    Give an address outside of the DHCP range, or let Avi serve the API servers.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.values import flag

PROVIDER, ENDPOINT = "AVI_CONTROL_PLANE_HA_PROVIDER", "VSPHERE_CONTROL_PLANE_ENDPOINT"


@rule("TKG142", Severity.ERROR, sources=("tkg-avi B1", "tanzu-framework v0.28.3 tkg/client/validate.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for found, _ in estate.managements:
        by_avi = flag(found.variables.get(PROVIDER))
        unclear = by_avi is None and found.text(PROVIDER) is not None  # no boolean: another rule tells
        given = found.text(ENDPOINT) or found.says(ENDPOINT)
        if not found.is_vsphere or by_avi or unclear or given or found.misspells(PROVIDER) or found.misspells(ENDPOINT):
            continue
        yield Problem(
            found.at(PROVIDER if PROVIDER in found.variables else ENDPOINT),
            f"`{PROVIDER}` is not true and `{ENDPOINT}` is not set: nothing gives the API server an address",
            absence=None if PROVIDER in found.variables else found.document.path,
        )
