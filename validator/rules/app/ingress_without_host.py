"""A selected Ingress has a rule without a host.

What it finds:
    An Ingress that the policy selects with a rule that has no `host`.

Why it matters:
    AKO makes up a name, `<ingress>.<namespace>.<first sub-domain of the cloud>`, and serves it. AMKO takes only
    status host names that stand in `spec.rules`, finds none, and passes over the Ingress: no member, no GSLB
    service.
    Source: AKO internal/nodes/validator.go ParseHostPathForIngress; AMKO gslb/gslbutils/gslbutils.go
    getHostListFromIngress, IngressGetIPAddrs (2.1.1).

Bad:
    spec:
      rules:
      - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}

Good:
    spec:
      rules:
      - host: shop.avi.example.com
        http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}

Fix:
    Write the host, the same one in every site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("APP107", Severity.ERROR, sources=("APP-04", "AMKO gslb/gslbutils/gslbutils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        if not selection.policy.sound:
            continue
        for found in selection.selected:
            written = found.manifest.get("spec", "rules", found.rule.index) if found.rule is not None else None
            if isinstance(written, dict) and written.get("host") is None and written.keys() <= {"host", "http"}:
                yield Problem(
                    found.at,
                    f"Ingress `{found.manifest.namespace}/{found.manifest.name}` has a rule without a host; AKO "
                    "makes one up, AMKO passes over it",
                    site=found.cluster.site,
                    cluster=found.cluster.name,
                )
