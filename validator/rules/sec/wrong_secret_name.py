"""A Secret is named nearly, but not exactly, as the chart looks it up.

What it finds:
    In a cluster that runs AMKO (or AKO), no `gslb-config-secret` (`gslb-avi-secret`, `avi-secret`), but a
    Secret with almost that name, or one that holds the key `gslb-members` under another name.

Why it matters:
    The name is a constant of the chart, no value changes it. AMKO's pod then stays in
    CreateContainerConfigError with `secret "gslb-config-secret" not found`.
    Source: AMKO helm/amko/templates/statefulset.yaml, `secretKeyRef.name` (1.9.1 to 2.2.1).

Bad:
    kind: Secret
    metadata: {name: gslb-members, namespace: avi-system}
    stringData: {gslb-members: REPLACE-ME}

Good:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: avi-system}
    stringData: {gslb-members: REPLACE-ME}

Fix:
    Give it the constant name.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sec._constant import CONSTANTS, misnamed, named, releases


@rule("SEC102", Severity.ERROR, sources=("AMKO-SEC-01", "AMKO helm/amko/templates/statefulset.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for constant in CONSTANTS:
            if not releases(cluster, constant) or named(cluster, constant):
                continue
            for secret in misnamed(cluster, constant):
                yield Problem(
                    secret.name_at(),
                    f"{secret.made_by} `{secret.name}` is not the name that the {constant.chart.upper()} chart "
                    f"looks up, `{constant.name}`; {constant.reader}",
                )
