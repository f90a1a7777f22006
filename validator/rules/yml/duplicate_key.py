"""A key that is given twice in one mapping.

What it finds:
    Two equal keys in one mapping of a YAML file, also where one comes out of a quoted and one out of a plain
    scalar.

Why it matters:
    Readers disagree: Flux's and Argo CD's kustomize refuse the file and stop applying the whole path, `kubectl`
    and Helm take the last one, PyYAML too. What a reviewer sees first is then not what runs.
    Source: kubernetes-sigs/yaml goyaml.v2 decode.go; kubernetes-sigs/kustomize kyaml; YAML 1.2.2 section
    3.2.1.3.

Bad:
    site01/amko.yaml: |
      federation:
        currentClusterIsLeader: true
        currentClusterIsLeader: false

Good:
    site01/amko.yaml: |
      federation:
        currentClusterIsLeader: true

Fix:
    Remove one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.yml._unreadable import told


@rule("YML103", Severity.ERROR, sources=("YML", "YAML 1.2.2 section 3.2.1.3"))
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, "duplicate-key")
