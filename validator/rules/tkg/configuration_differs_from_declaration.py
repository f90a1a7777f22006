"""The configuration file of a management cluster says something else than the estate file.

What it finds:
    A variable of the configuration file of a declared management cluster whose value differs from what the
    estate file stands for (controller, cloud, networks, labels, vCenter, sizes, plan), or that is not there and
    whose default is another; a value that is another site's is named as such.

Why it matters:
    The file is used once and then forgotten. A controller, cloud or datacenter of another site makes a
    management cluster which builds that site's clusters in the wrong place, and neither the control plane
    network of Avi nor the selector of AKO can be changed afterwards.
    Source: tanzu-framework v0.28.3 providers/config_default.yaml; load-balancer-operator-for-kubernetes v1.7.0
    api/v1alpha1/akodeploymentconfig_webhook.go.

Bad:
    # estate.yaml: sites[1].avi.controller is avi-02.example.com
    AVI_CONTROLLER: avi-01.example.com

Good:
    AVI_CONTROLLER: avi-02.example.com

Fix:
    Render the repository again, or correct the estate file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.facts import tanzu as facts
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.unknown import holds_unknown
from validator.rules import rule
from validator.rules.tkg._tanzu import wanted
from validator.tkg.configuration import Configuration, sites

LABELS = "AVI_LABELS"
PLAIN = (str, int)
"""Types of values that are written as they are read."""
ELSEWHERE = "what the environment gives"
UNSET = {
    "VSPHERE_CONTROL_PLANE_ENDPOINT": "an address that Avi chooses",
    "VSPHERE_STORAGE_POLICY_ID": "no policy",
    "VSPHERE_TLS_THUMBPRINT": "a certificate of a known authority",
    "ENABLE_CEIP_PARTICIPATION": "what the edition of the CLI prefers",
    "AVI_CA_DATA_B64": ELSEWHERE,
    "AVI_USERNAME": ELSEWHERE,
    "VSPHERE_SSH_AUTHORIZED_KEY": ELSEWHERE,
}
"""Variables without a default of their own, and what the CLI does without them."""
MINOR = frozenset({"DEPLOY_TKG_ON_VSPHERE7", "ENABLE_AUDIT_LOGGING", "ENABLE_CEIP_PARTICIPATION"})
"""Variables that the estate file has no key for: a rendering sets them."""
SITED = frozenset(
    """AVI_CLOUD_NAME AVI_CONTROLLER AVI_DATA_NETWORK CLUSTER_NAME VSPHERE_CONTROL_PLANE_ENDPOINT VSPHERE_DATACENTER
    VSPHERE_DATASTORE VSPHERE_FOLDER VSPHERE_NETWORK VSPHERE_RESOURCE_POOL VSPHERE_SERVER""".split()
)
"""Variables that tell one site from another."""


@rule("TKG140", Severity.ERROR, sources=("tkg-avi B1", "tanzu-framework v0.28.3 providers/config_default.yaml"))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.declared is None or estate.declared_problems:
        return
    for found, index in estate.managements:
        if index is not None:
            yield from _differences(estate, found, index, wanted(estate))


def _differences(estate: Estate, found: Configuration, index: int, sited: list[dict[str, Any]]) -> Iterator[Problem]:
    assert estate.declared is not None
    name, variables = sites(estate)[index]["name"], found.variables
    for variable, value in sited[index].items():
        given = variables.get(variable)
        if value is None or (given and given == value and type(given) is type(value) in PLAIN):
            continue
        given = _given(found, variable, sited[index])
        if (
            given is None
            or _same(found, variable, given, str(value))
            or found.misspells(variable)
            or holds_unknown(found.variables.get(variable))
        ):
            continue
        other = next(
            (i for i, one in enumerate(sited) if i != index and variable in SITED and str(one.get(variable)) == given),
            None,
        )
        theirs = f", `{given}` is that of site `{sites(estate)[other]['name']}`" if other is not None else ""
        what = (
            f"is `{given}`" if variable in found.variables else f"is not set, which means {_default(variable, given)}"
        )
        yield Problem(
            found.at(variable),
            f"`{variable}` {what}, the estate file says `{value}`{theirs}",
            ((estate.declared.at("sites", index, "management"), f"site `{name}` is declared here"),),
            Severity.INFO if variable in MINOR or (not given and UNSET[variable] == ELSEWHERE) else None,
            site=name,
            absence=None if variable in found.variables else found.document.path,
        )


def _given(found: Configuration, variable: str, wanted: dict[str, Any]) -> str | None:
    """Return what the CLI takes for a variable, None where that is not known or told by another rule."""
    if variable in found.variables and (text := found.text(variable)) is not None:
        return text
    if variable == "AVI_MANAGEMENT_CLUSTER_SERVICE_ENGINE_GROUP":
        return found.text("AVI_SERVICE_ENGINE_GROUP")
    if variable in UNSET:
        return ""
    if variable == "WORKER_MACHINE_COUNT":
        return {"dev": "1", "prod": "3"}.get(str(wanted.get("CLUSTER_PLAN")))
    return facts.default(variable)


def _default(variable: str, given: str) -> str:
    return f"`{given}`" if given else UNSET[variable]


def _same(found: Configuration, variable: str, given: str, wanted: str) -> bool:
    if variable == LABELS:
        return found.labels is None or found.labels == Configuration(found.document, {LABELS: wanted}).labels
    return given == wanted
