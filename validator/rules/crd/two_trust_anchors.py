"""An HTTPRule has a PKI profile and a CA for the same path.

What it finds:
    `tls.pkiProfile` together with `tls.destinationCA` for one path of an HTTPRule.

Why it matters:
    AKO rejects the HTTPRule: `PKIProfile and DestinationCA fields are set in the HTTPRule`. Its paths lose load
    balancing and health monitors as well.
    Source: AKO internal/k8s/validator.go ValidateHTTPRuleObj (1.9.2 to 2.1.1).

Bad:
    spec: {fqdn: shop.avi.example.com, paths: [{target: /, tls: {type: reencrypt, pkiProfile: corp, destinationCA: "..."}}]}

Good:
    spec: {fqdn: shop.avi.example.com, paths: [{target: /, tls: {type: reencrypt, pkiProfile: corp}}]}

Fix:
    Keep one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.crd._objects import items, objects, title


@rule("CRD109", Severity.ERROR, sources=("HR-09", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "HTTPRule"):
        for index, path in items(item.value, "spec", "paths"):
            if dig(path, ("tls", "pkiProfile")) and dig(path, ("tls", "destinationCA")):
                yield Problem(
                    item.at("spec", "paths", index, "tls", "destinationCA", key=True),
                    f"a path of {title(item)} has `pkiProfile` and `destinationCA`; AKO rejects the rule",
                    related=((item.at("spec", "paths", index, "tls", "pkiProfile"), "the PKI profile"),),
                )
