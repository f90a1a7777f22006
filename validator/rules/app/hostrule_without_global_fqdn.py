"""The HostRule of a selected host has no global FQDN although AMKO goes by them.

What it finds:
    With `configs.useCustomGlobalFqdn: true`: a HostRule for a selected host without `virtualhost.gslb.fqdn`.

Why it matters:
    AMKO maps the host to the empty name and takes the host for selected. The GSLB service without a name is refused
    by the controller (400, not tried again), and the site is no member.
    Source: AMKO gslb/ingestion/member_controllers.go isHostRuleAcceptable, gslb/gslbutils/fqdn.go (1.9.1 to 2.1.1).

Bad:
    kind: HostRule
    spec: {virtualhost: {fqdn: shop.site01.example.com}}

Good:
    kind: HostRule
    spec: {virtualhost: {fqdn: shop.site01.example.com, gslb: {fqdn: shop.avi.example.com}}}

Fix:
    Give the HostRule the `gslb.fqdn` that all sites share.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule


@rule("APP123", Severity.ERROR, sources=("APP-21", "AMKO gslb/gslbutils/fqdn.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound or not selection.policy.custom:
            continue
        selected: dict[Cluster, set[str]] = {}
        for found in selection.selected:
            if found.rule is not None:
                selected.setdefault(found.cluster, set()).add(found.host)
        for cluster, hosts in selected.items():
            for one in cluster.workloads.hostrules:
                fqdn = one.get("spec", "virtualhost", "fqdn")
                if (
                    not isinstance(fqdn, str)
                    or fqdn not in hosts
                    or one.get("spec", "virtualhost", "gslb", "fqdn")
                    or fqdn in cluster.workloads.global_names
                ):
                    continue
                yield Problem(
                    one.at("spec", "virtualhost", "fqdn"),
                    f"HostRule `{one.namespace}/{one.name}` gives host `{fqdn}` no `gslb.fqdn`; AMKO runs with "
                    "useCustomGlobalFqdn and makes a GSLB service without a name",
                    related=((selection.policy.release.at("configs", "useCustomGlobalFqdn"), "set here"),),
                    site=cluster.site,
                    cluster=cluster.name,
                )
