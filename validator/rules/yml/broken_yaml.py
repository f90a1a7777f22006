"""A file that is no YAML.

What it finds:
    A `.yaml` or `.yml` file that the YAML reader of Kubernetes refuses: wrong syntax, bytes that are no UTF-8
    text, a binary file with such a name, an alias without its anchor, nesting or aliases past the bounds of the
    reader. Templates of a Helm chart in the repository are left out.

Why it matters:
    kustomize-controller reads every YAML file below the path of a Kustomization that has no kustomization.yaml.
    One file that cannot be read fails the build of the whole path: nothing of it is applied any more, while the
    cluster keeps running what it had. Argo CD fails the comparison in the same way.
    Source: fluxcd/pkg kustomize/kustomize_generator.go (scanManifests); argo-cd
    reposerver/repository/repository.go.

Bad:
    site01/amko.yaml: |
      federation: {currentCluster: a-admin@a

Good:
    site01/amko.yaml: |
      federation: {currentCluster: a-admin@a}

Fix:
    Mend the file at the place shown; give a file that is no manifest another suffix.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.yml._unreadable import told


@rule("YML101", Severity.ERROR, sources=("YML", "fluxcd/pkg kustomize/kustomize_generator.go"))
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, "yaml")
