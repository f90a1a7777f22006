"""A file or a folder that cannot be read at all.

What it finds:
    A YAML file past the size that is read, one that is no regular file, a link that leaves the repository or
    runs in a circle, a file or a folder without read permission.

Why it matters:
    What is not read is not checked: a fault in it would go unseen. source-controller leaves every link out of
    what it hands to the other controllers of Flux, so a linked manifest is not applied, and is pruned if it
    once was a file.
    Source: fluxcd/source-controller internal/controller/storage.go, Archive (v1.5.0).

Bad:
    site01/amko.yaml: link to /etc/amko.yaml

Good:
    site01/amko.yaml: the file itself

Fix:
    Commit the file itself, split it, or give it another suffix when it is no manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.yml._unreadable import told


@rule(
    "YML102",
    Severity.ERROR,
    sources=("YML", "fluxcd/source-controller internal/controller/storage.go@v1.5.0"),
)
def check(estate: Estate) -> Iterator[Problem]:
    yield from told(estate, "file")
