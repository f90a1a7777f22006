"""A Secret that a chart reads by a fixed key does not have that key.

What it finds:
    `gslb-config-secret` without the key `gslb-members`, `gslb-avi-secret` without `username` and `password`,
    `avi-secret` without `username` and `password` (or `authtoken`), whether it is a Secret, SealedSecret,
    ExternalSecret or generated.

Why it matters:
    The StatefulSet of AMKO takes `GSLB_CONFIG` from `secretKeyRef: {name: gslb-config-secret, key:
    gslb-members}`. With another key, such as `gslb-members.yaml` (what `--from-file=gslb-members.yaml` makes),
    the pod stays in CreateContainerConfigError and nobody programs GSLB. AKO and AMKO without user name or
    password end at boot.
    Source: AMKO helm/amko/templates/statefulset.yaml (1.9.1 to 2.2.1); AKO helm/ako/templates/secret.yaml.

Bad:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: avi-system}
    stringData: {gslb-members.yaml: REPLACE-ME}

Good:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: avi-system}
    stringData: {gslb-members: REPLACE-ME}

Fix:
    Rename the key; with kubectl: `--from-file=gslb-members=<kubeconfig>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sec._constant import CONSTANTS, Constant, named, releases
from validator.secrets.objects import SecretObject


@rule("SEC101", Severity.ERROR, sources=("AMKO-SEC-01", "AMKO helm/amko/templates/statefulset.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for constant in CONSTANTS:
            if releases(cluster, constant):
                for secret in named(cluster, constant):
                    yield from _keys(secret, constant)


def _keys(secret: SecretObject, constant: Constant) -> Iterator[Problem]:
    if secret.more or secret.manifest.uncertain:
        return
    for wanted in constant.keys:
        if any(key in secret.keys for key in wanted):
            continue
        allowed = " or ".join(f"`{key}`" for key in wanted)
        other = sorted(set(secret.keys) - {key for keys in constant.keys for key in keys})
        has = (
            f"has the key {', '.join(f'`{key}`' for key in other)} but not {allowed}"
            if other
            else f"has no key {allowed}"
        )
        at = secret.key_at(other[0]) if other else secret.name_at()
        text = f"{secret.made_by} `{secret.name}` {has}; {constant.reader}, under this key only"
        yield Problem(at, text, absence=secret.manifest.document.path)
