"""Sync waves of Applications that do not wait.

What it finds:
    Applications with a sync wave beside a ConfigMap `argocd-cm` in the repository that gives Applications no
    health check.

Why it matters:
    Since Argo CD 1.8 an Application has no health of its own. In an app of apps every wave counts as healthy at
    once, so AMKO and the applications are synced while AKO is still starting, whatever the waves say.
    Source: argo-cd docs/operator-manual/health.md, Argo CD App.

Bad:
    kind: ConfigMap
    metadata: {name: argocd-cm}
    data: {}

Good:
    kind: ConfigMap
    metadata: {name: argocd-cm}
    data: {resource.customizations.health.argoproj.io_Application: "hs = {}"}

Fix:
    Add the health check for `argoproj.io_Application` from the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import argocd
from validator.rules import rule
from validator.rules.git.sync_wave_not_a_number import WAVE

KEY = "resource.customizations.health.argoproj.io_Application"


@rule("GIT111", Severity.WARNING, sources=("GIT-08", "argo-cd docs/operator-manual/health.md@v3.5.1"))
def check(estate: Estate) -> Iterator[Problem]:
    waves = [m for m in estate.objects("Application") if argocd.is_application(m) and WAVE in m.annotations]
    for config in estate.objects("ConfigMap") if waves else ():
        data = config.value.get("data")
        if config.name != "argocd-cm" or not isinstance(data, dict | None):
            continue
        texts = data or {}
        if KEY not in texts and "argoproj.io/Application" not in str(texts.get("resource.customizations")):
            text = f"`argocd-cm` has no `{KEY}`: sync waves of Applications do not wait for each other"
            related = ((waves[0].at("metadata", "annotations", WAVE), f"Application `{waves[0].name}` has a wave"),)
            yield Problem(config.at("data"), text, related)
