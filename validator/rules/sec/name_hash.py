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

from validator.finding import Action, Edit, Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest, dig
from validator.rules import rule
from validator.rules.sec._constant import NAMES
from validator.secrets.objects import secrets

KEY = "disableNameSuffixHash"


@rule("SEC105", Severity.ERROR, sources=("AMKO-SEC-02", "kustomize api/types/generatoroptions.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for secret in secrets(cluster):
            if secret.hashed and secret.name in NAMES:
                yield Problem(
                    secret.name_at(),
                    f"kustomize appends a hash to `{secret.name}`, but the chart looks up exactly this name; "
                    "`options: {disableNameSuffixHash: true}` is needed",
                    fix=_fix(secret.manifest),
                )


def _fix(manifest: Manifest) -> tuple[Edit, ...]:
    at = manifest.at()
    generator = dig(at.document.value, at.pointer)
    options = generator.get("options") if isinstance(generator, dict) else None
    if not isinstance(generator, dict) or "options" not in generator:
        return (Edit(at, Action.INSERT, "options", {KEY: True}),)
    if not isinstance(options, dict):
        return ()
    inside = manifest.at("options")
    if KEY in options:
        return (Edit(manifest.at("options", KEY), Action.SET, "", True),)
    return (Edit(inside, Action.INSERT, KEY, True),)
