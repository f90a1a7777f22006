"""A secondary AKO installs the CRD operator again.

What it finds:
    AKO 1.14.1 or newer with `primaryInstance: false` and `ako-crd-operator.enabled` not set to `false`; it is on by
    default.

Why it matters:
    The operator's CustomResourceDefinitions are templates of the subchart. Two releases own the same definitions:
    the second one fails to install, or takes them over, and removing it deletes them with every HealthMonitor in
    the cluster.
    Source: AKO helm/ako/Chart.yaml, docs (1.14.1 to 2.1.1).

Bad:
    AKOSettings: {primaryInstance: false}

Good:
    AKOSettings: {primaryInstance: false}
    ako-crd-operator: {enabled: false}

Fix:
    Turn the operator off in every AKO but the primary.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases, setting

OPERATOR, PRIMARY = ("ako-crd-operator", "enabled"), ("AKOSettings", "primaryInstance")


@rule("AKO118", Severity.ERROR, sources=("AKO-21", "AKO helm/ako/Chart.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if release.version is None or not ako.has(release.version, "crdOperator"):
            continue
        if setting(release, *PRIMARY) is False and setting(release, *OPERATOR) is True:
            yield Problem(
                release.at(*OPERATOR),
                f"AKO {release.version} in `{release.namespace}` is not the primary of cluster "
                f"`{release.cluster.name}` and installs `ako-crd-operator` again; set `ako-crd-operator.enabled: "
                "false`",
                related=((release.at(*PRIMARY), "not the primary"),),
            )
