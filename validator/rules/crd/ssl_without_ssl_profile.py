"""An L4Rule has SSL settings for an application profile without SSL.

What it finds:
    `sslProfileRef`, `sslKeyAndCertificateRefs` or a service with `enableSsl: true` in an L4Rule whose
    `applicationProfileRef` is Avi's own `System-L4-Application`, or whose profile is Avi's `System-SSL-Application`
    without any service with `enableSsl`.

Why it matters:
    AKO asks the controller for the type of the profile and rejects the L4Rule: `App Profile is not of type SSL but
    SslProfileRef is set`, `SSL is not enabled in l4rule listener Spec but App Profile is of type SSL`.
    Source: AKO internal/k8s/validator.go ValidateL4RuleObj (1.11.1 to 2.1.1).

Bad:
    spec: {applicationProfileRef: System-L4-Application, sslProfileRef: System-Standard}

Good:
    spec:
      applicationProfileRef: System-SSL-Application
      sslProfileRef: System-Standard
      services: [{port: 443, protocol: TCP, enableSsl: true}]

Fix:
    Use a profile of type L4 SSL together with `enableSsl`, or drop the SSL settings.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import items, objects, title

PLAIN, SECURE = "System-L4-Application", "System-SSL-Application"
PROFILE = ("spec", "applicationProfileRef")


@rule("CRD114", Severity.ERROR, sources=("HR-11", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "L4Rule"):
        profile = item.get(*PROFILE)
        enabled = [
            i for i, one in items(item.value, "spec", "services") if isinstance(one, dict) and one.get("enableSsl")
        ]
        if profile == SECURE and not enabled:
            text = f"no service of {title(item)} has `enableSsl`, its profile `{SECURE}` is of type SSL; AKO rejects it"
            yield Problem(item.at(*PROFILE), text)
        for key in ("sslProfileRef", "sslKeyAndCertificateRefs") if profile == PLAIN else ():
            if item.spec.get(key):
                text = f"`{key}` of {title(item)} goes with a profile of type SSL, not with `{PLAIN}`; AKO rejects it"
                yield Problem(item.at("spec", key), text, related=((item.at(*PROFILE), "the profile"),))
