"""kustomize appends a hash to the name of a Secret that a chart looks up by its fixed name.

What it finds:
    A `secretGenerator` entry for `gslb-config-secret`, `gslb-avi-secret` or `avi-secret` without
    `disableNameSuffixHash: true`, in its own options or in `generatorOptions`.

Why it matters:
    kustomize makes `gslb-config-secret-7g2m8k4tb5` and changes the references that it knows. The chart is
    rendered by Helm, not by kustomize, so its StatefulSet still asks for `gslb-config-secret`:
    CreateContainerConfigError.
    Source: kubernetes-sigs/kustomize api/types/generatoroptions.go; AMKO helm/amko/templates/statefulset.yaml.

Bad:
    secretGenerator:
      - {name: gslb-config-secret, files: [gslb-members=kubeconfig.enc]}

Good:
    secretGenerator:
      - {name: gslb-config-secret, files: [gslb-members=kubeconfig.enc], options: {disableNameSuffixHash: true}}

Fix:
    Set `disableNameSuffixHash: true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.sec._constant import NAMES
from validator.secret_objects import secrets


@rule("SEC105", Severity.ERROR, sources=("AMKO-SEC-02", "kustomize api/types/generatoroptions.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for secret in secrets(cluster):
            if secret.hashed and secret.name in NAMES:
                yield Problem(
                    secret.name_at(),
                    f"kustomize appends a hash to `{secret.name}`, but the chart looks up exactly this name; "
                    "`options: {disableNameSuffixHash: true}` is needed",
                )
