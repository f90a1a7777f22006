"""A HostRule asks for something that AKO does not do there.

What it finds:
    More than one `icapProfile`; `useRegex` or `applicationRootPath` for a shared virtual service (`Shared-` in the
    fqdn); an `l7Rule` that the repository makes in another namespace or cluster only.

Why it matters:
    AKO rejects the whole HostRule: `Can only have 1 ICAP profile associated with VS`, `cannot be applied to shared
    virtualservices`, or because it does not find the L7Rule in the same namespace.
    Source: AKO internal/k8s/validator.go ValidateHostRuleObj (1.9.2 to 2.1.1).

Bad:
    spec: {virtualhost: {fqdn: shop.avi.example.com, icapProfile: [a, b]}}

Good:
    spec: {virtualhost: {fqdn: shop.avi.example.com, icapProfile: [a]}}

Fix:
    Keep one ICAP profile; use regular expressions and root paths for hosts; put the L7Rule beside the HostRule.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.crd._objects import HOST, items, objects, title

SHARED = "Shared-"


@rule("CRD108", Severity.ERROR, sources=("HR-08", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    made: dict[str, list[tuple[Cluster, str]]] = {}
    for cluster, item in objects(estate, "L7Rule"):
        made.setdefault(item.name, []).append((cluster, item.namespace))
    for cluster, item in objects(estate, "HostRule"):
        profiles = items(item.value, *HOST, "icapProfile")
        if len(profiles) > 1:
            text = f"{title(item)} has {len(profiles)} ICAP profiles, AKO takes one and rejects it"
            yield Problem(item.at(*HOST, "icapProfile", 1), text)
        fqdn = item.get(*HOST, "fqdn")
        for key in ("useRegex", "applicationRootPath"):
            if isinstance(fqdn, str) and SHARED in fqdn and item.get(*HOST, key):
                text = f"`{key}` of {title(item)} is for a shared virtual service, `{fqdn}`; AKO rejects it"
                yield Problem(item.at(*HOST, key), text)
        name = item.get(*HOST, "l7Rule")
        known = made.get(name, []) if isinstance(name, str) else []
        if known and not any(one is cluster and namespace == item.namespace for one, namespace in known):
            where = next((f"namespace `{ns}`" for one, ns in known if one is cluster), f"cluster `{known[0][0].name}`")
            text = f"L7Rule `{name}` of {title(item)} is in {where} only; AKO looks beside the HostRule and rejects it"
            yield Problem(item.at(*HOST, "l7Rule"), text, site=cluster.site, cluster=cluster.name)
