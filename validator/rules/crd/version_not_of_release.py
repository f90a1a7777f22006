"""An AKO object has an API version that the AKO release does not have, or an old one.

What it finds:
    HostRule, HTTPRule or AviInfraSetting of `ako.vmware.com/v1beta1` with AKO before 1.11.1; an L4Rule or SSORule
    with AKO before 1.10.1, an L7Rule with AKO before 1.12.1. `v1alpha1` of the first three from 1.11.1 on is
    information only.

Why it matters:
    `no matches for kind`: the sync fails and takes everything in it along. From 1.11.1 on v1beta1 is stored,
    v1alpha1 is still served and will go away.
    Source: AKO helm/ako/crds of each release; docs/faq.md.

Bad:
    # AKO 1.9.2
    apiVersion: ako.vmware.com/v1beta1
    kind: HostRule

Good:
    # AKO 1.9.2
    apiVersion: ako.vmware.com/v1alpha1
    kind: HostRule

Fix:
    Use the version of the release; upgrade AKO's CustomResourceDefinitions before the objects.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import objects, title

NEWER = {"HostRule": "betaRules", "HTTPRule": "betaRules", "AviInfraSetting": "betaRules"}
KINDS = {"L4Rule": "l4Rule", "SSORule": "ssoRule", "L7Rule": "l7Rule"}


@rule("CRD116", Severity.ERROR, sources=("HR-14", "AKO helm/ako/crds@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster, item in objects(estate, *NEWER, *KINDS):
        versions = {release.version for release in cluster.ako}
        version = versions.pop() if len(versions) == 1 else None
        if version is None:
            continue
        known = ako.has(version, {**NEWER, **KINDS}[item.kind])
        note = ((cluster.ako[0].version_at, f"AKO of `{cluster.name}`"),)
        if item.kind in KINDS and known is False:
            text = f"AKO {version} of cluster `{cluster.name}` has no {item.kind}; {title(item)} cannot be applied"
            yield Problem(item.at("kind"), text, related=note, site=cluster.site, cluster=cluster.name)
        elif item.api_version.endswith("/v1beta1") and known is False:
            text = f"AKO {version} of cluster `{cluster.name}` serves `{item.kind}` as v1alpha1 only"
            yield Problem(item.at("apiVersion"), text, related=note, site=cluster.site, cluster=cluster.name)
        elif item.kind in NEWER and item.api_version.endswith("/v1alpha1") and known:
            text = f"AKO {version} stores `{item.kind}` as v1beta1, v1alpha1 is to go away"
            yield Problem(item.at("apiVersion"), text, severity=Severity.INFO)
