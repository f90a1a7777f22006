"""Two namespaces of a cluster claim one host although AKO allows one.

What it finds:
    A host in Ingresses of two namespaces where AKO runs with `L7Settings.fqdnReusePolicy: Strict` and `enableEVH:
    true`, or with `AKOSettings.vipPerNamespace: "true"`.

Why it matters:
    With Strict the namespace that came first keeps the host; any other Ingress with it is refused as a whole, its
    other hosts too (`Host is already claimed`, `Ingress is not added due to hostname conflict`). Which one came
    first differs between sites. With a VIP for each namespace the host gets two VIPs.
    Source: AKO internal/lib/control_config.go SetAKOFQDNReusePolicy; internal/nodes/validator.go (2.1.1).

Bad:
    # AKO: AKOSettings: {enableEVH: true}, L7Settings: {fqdnReusePolicy: Strict}
    # Ingress red/shop and Ingress blue/shop
    rules: [{host: shop.avi.example.com}]

Good:
    # Ingress blue/shop
    rules: [{host: blue.avi.example.com}]

Fix:
    Keep each host in one namespace, or use `fqdnReusePolicy: InterNamespaceAllowed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import Rule, host_at, rules, served
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.values import flag


@rule("APP112", Severity.ERROR, sources=("APP-10", "AKO internal/lib/control_config.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.members:
        setting = _strict(cluster)
        if setting is None:
            continue
        seen: dict[str, tuple[Manifest, Rule]] = {}
        for ingress in cluster.workloads.ingresses:
            for one in rules(ingress) if served(cluster, ingress) else ():
                first, claim = seen.setdefault(one.host, (ingress, one))
                if not one.host or "$" in one.host or first.namespace == ingress.namespace:
                    continue
                yield Problem(
                    host_at(ingress, one),
                    f"host `{one.host}` of Ingress `{ingress.namespace}/{ingress.name}` is claimed by namespace "
                    f"`{first.namespace}` too; {setting[1]} allows one",
                    related=((host_at(first, claim), f"`{first.namespace}/{first.name}`"), (setting[0], "set here")),
                    site=cluster.site,
                    cluster=cluster.name,
                )


def _strict(cluster: Cluster) -> tuple[Ref, str] | None:
    for release in cluster.ako:
        if flag(release.get("AKOSettings", "enableEVH")):
            if release.get("L7Settings", "fqdnReusePolicy") == "Strict":
                return release.at("L7Settings", "fqdnReusePolicy"), "`fqdnReusePolicy: Strict`"
            if flag(release.get("AKOSettings", "vipPerNamespace")):
                return release.at("AKOSettings", "vipPerNamespace"), "`vipPerNamespace`"
    return None
