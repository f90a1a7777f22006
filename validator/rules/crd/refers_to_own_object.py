"""An AKO object refers to an Avi object that AKO made itself.

What it finds:
    A reference of a HostRule, HTTPRule, L4Rule, L7Rule or SSORule whose name begins with `<clusterName>--`, the
    prefix of everything that the AKO of this cluster makes.

Why it matters:
    AKO rejects the rule: `Invalid operation, object referred is created by current AKO instance`. Such an object
    may be gone after the next sync.
    Source: AKO internal/k8s/crdcontroller.go checkRefOnController (1.9.2 to 2.1.1).

Bad:
    # AKO: clusterName wld
    spec: {virtualhost: {fqdn: shop.avi.example.com, tls: {sslKeyCertificate: {name: wld--shop, type: ref}}}}

Good:
    spec: {virtualhost: {fqdn: shop.avi.example.com, tls: {sslKeyCertificate: {name: shop-cert, type: ref}}}}

Fix:
    Refer to an object that was made in Avi for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.rules import rule
from validator.rules.crd._objects import objects, title

KINDS = ("HostRule", "HTTPRule", "L4Rule", "L7Rule", "SSORule")
HOSTS = frozenset({"fqdn", "aliases", "target", "destinationCA"})


@rule("CRD117", Severity.ERROR, sources=("HR-13", "AKO internal/k8s/crdcontroller.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster, item in objects(estate, *KINDS):
        names = {name for release in cluster.ako if (name := release.text("AKOSettings", "clusterName"))}
        prefixes = tuple(f"{name}--" for name in names)
        for pointer, text in _texts(item.spec, ("spec",)) if prefixes else ():
            if text.startswith(prefixes):
                yield Problem(
                    item.at(*pointer),
                    f"`{text}` of {title(item)} is an object that this cluster's AKO makes itself; AKO rejects the "
                    "rule",
                )


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in HOSTS:
                yield from _texts(part, (*pointer, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, (*pointer, index))
