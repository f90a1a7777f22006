"""Listeners of a virtual service are all without SSL.

What it finds:
    `tcpSettings.listeners` of a HostRule, or `network.listeners` of an AviInfraSetting, of which none has
    `enableSSL: true`.

Why it matters:
    AKO rejects the object: `Hosting parent virtualservice must have SSL enabled`, `One of the port in
    aviInfraSetting must have SSL enabled`. Ports and addresses stay as they were.
    Source: AKO internal/k8s/validator.go (1.9.2 to 2.1.1).

Bad:
    spec: {network: {listeners: [{port: 80}]}}

Good:
    spec: {network: {listeners: [{port: 80}, {port: 443, enableSSL: true}]}}

Fix:
    Add a listener with `enableSSL: true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import HOST, items, objects, title

PLACES = {"HostRule": (*HOST, "tcpSettings", "listeners"), "AviInfraSetting": ("spec", "network", "listeners")}


@rule("CRD105", Severity.ERROR, sources=("HR-05", "HR-10", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, *PLACES):
        place = PLACES[item.kind]
        listeners = items(item.value, *place)
        if listeners and not any(isinstance(one, dict) and one.get("enableSSL") for _, one in listeners):
            yield Problem(
                item.at(*place),
                f"no listener of {title(item)} has `enableSSL: true`; AKO rejects it",
            )
