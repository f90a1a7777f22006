"""A selected host has no global FQDN although AMKO goes by them.

What it finds:
    With `configs.useCustomGlobalFqdn: true`: a selected Ingress host for which no HostRule of the same cluster has
    that `virtualhost.fqdn` together with a `gslb.fqdn`.

Why it matters:
    In this mode the GSLB service is named after `gslb.fqdn`. Without one AMKO drops the object with a DEBUG line
    (`no gFqdn for lFqdn`), and the site is no member. The FQDN must be equal letter by letter; fqdnType Wildcard or
    Contains does not count.
    Source: AMKO gslb/k8sobjects/ingress_object.go ApplyFilter, gslb/gslbutils/fqdn.go (1.9.1 to 2.1.1).

Bad:
    # Ingress host shop.site01.example.com, no HostRule
    configs: {useCustomGlobalFqdn: true}

Good:
    kind: HostRule
    spec: {virtualhost: {fqdn: shop.site01.example.com, gslb: {fqdn: shop.avi.example.com}}}

Fix:
    Add a HostRule for the host to the same cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("APP122", Severity.ERROR, sources=("APP-20", "AMKO gslb/k8sobjects/ingress_object.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound or not selection.policy.custom:
            continue
        told: set[tuple[str, str]] = set()
        for found in selection.selected:
            cluster = found.cluster
            if found.rule is None or not found.host or "$" in found.host or found.name is not None:
                continue
            ruled = any(one.get("spec", "virtualhost", "fqdn") == found.host for one in cluster.workloads.hostrules)
            if ruled or (cluster.name, found.host) in told:
                continue
            told.add((cluster.name, found.host))
            yield Problem(
                found.at,
                f"no HostRule of cluster `{cluster.name}` gives host `{found.host}` a global FQDN; AMKO runs with "
                "useCustomGlobalFqdn and drops the host",
                related=((selection.policy.release.at("configs", "useCustomGlobalFqdn"), "set here"),),
                site=cluster.site,
                cluster=cluster.name,
            )
