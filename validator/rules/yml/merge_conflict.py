"""The marks of a merge that was not finished.

What it finds:
    Lines of `<<<<<<<` and `=======` in a YAML file that cannot be read because of them.

Why it matters:
    The file is no YAML, so Flux and Argo CD stop applying the whole path it belongs to; and nobody has decided
    which side is meant.
    Source: git merge documentation, How conflicts are presented.

Bad:
    site01/amko.yaml: |
      <<<<<<< HEAD
      currentClusterIsLeader: true
      =======
      currentClusterIsLeader: false
      >>>>>>> failover

Good:
    site01/amko.yaml: |
      currentClusterIsLeader: true

Fix:
    Choose one side, remove the marks, and validate again.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.yml._unreadable import told


@rule("YML104", Severity.ERROR, sources=("YML", "git-merge documentation"))
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, "conflict")
