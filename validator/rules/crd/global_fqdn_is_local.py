"""A HostRule has the same local and global FQDN.

What it finds:
    `virtualhost.gslb.fqdn` equal to `virtualhost.fqdn`.

Why it matters:
    AKO rejects the HostRule: `GSLB FQDN and local FQDN are same`. In custom FQDN mode AMKO takes accepted HostRules
    only, so that the host is no member.
    Source: AKO internal/k8s/validator.go ValidateHostRuleObj (1.9.2 to 2.1.1).

Bad:
    spec: {virtualhost: {fqdn: shop.avi.example.com, gslb: {fqdn: shop.avi.example.com}}}

Good:
    spec: {virtualhost: {fqdn: shop.site01.example.com, gslb: {fqdn: shop.avi.example.com}}}

Fix:
    Give the site a local name of its own; where one name is enough, leave `gslb` out and `useCustomGlobalFqdn`
    false.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import HOST, objects, title


@rule("CRD102", Severity.ERROR, sources=("HR-02", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "HostRule"):
        fqdn = item.get(*HOST, "fqdn")
        if isinstance(fqdn, str) and fqdn and item.get(*HOST, "gslb", "fqdn") == fqdn:
            yield Problem(
                item.at(*HOST, "gslb", "fqdn"),
                f"`gslb.fqdn` of {title(item)} is its local `fqdn`, `{fqdn}`; AKO rejects the rule",
                related=((item.at(*HOST, "fqdn"), "the local name"),),
            )
