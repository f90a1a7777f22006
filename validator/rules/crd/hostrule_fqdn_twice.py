"""Two rules of a cluster are for the same host.

What it finds:
    The same `virtualhost.fqdn` in two HostRules, or the same `fqdn` in two SSORules, of one cluster, in whatever
    namespaces.

Why it matters:
    AKO takes the one that it saw first and rejects the other: `duplicate fqdn found in`. After a restart it may be
    the other way round, and the two sites of an estate may differ.
    Source: AKO internal/k8s/validator.go ValidateHostRuleObj, ValidateSSORuleObj (1.9.2 to 2.1.1).

Bad:
    # HostRule red/shop and HostRule blue/shop
    spec: {virtualhost: {fqdn: shop.avi.example.com}}

Good:
    # HostRule blue/shop
    spec: {virtualhost: {fqdn: blue.avi.example.com}}

Fix:
    Keep one rule for a host.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.crd._objects import GROUP, title

PLACES = {"HostRule": ("spec", "virtualhost", "fqdn"), "SSORule": ("spec", "fqdn")}


@rule("CRD101", Severity.ERROR, sources=("HR-01", "HR-12", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders(*PLACES):
        for kind, place in PLACES.items():
            seen: dict[str, Manifest] = {}
            for item in cluster.of(kind, GROUP):
                fqdn = item.get(*place)
                if not isinstance(fqdn, str) or "$" in fqdn:
                    continue
                first = seen.setdefault(fqdn, item)
                if (first.namespace, first.name) != (item.namespace, item.name):
                    yield Problem(
                        item.at(*place),
                        f"{title(item)} is for host `{fqdn}`, as is {title(first)}; AKO takes one and rejects the "
                        "other",
                        related=((first.at(*place), title(first)),),
                        site=cluster.site,
                        cluster=cluster.name,
                    )
