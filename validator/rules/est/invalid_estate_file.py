"""The estate file itself is wrong.

What it finds:
    Everything that `estate new` would refuse in `estate.yaml` at the root of the repository: unknown keys,
    wrong types, names that do not agree, addresses that overlap, versions that do not fit together.

Why it matters:
    The repository can no longer be rendered from it: the next `estate new` or `estate apply` stops. What the
    other rules compare with the estate file is compared with something that does not hold.
    Source: schemas/estate.schema.json and validator/estate_file/checks of this project.

Bad:
    gslb: {leader: site03, domains: [avi.example.com], parentZone: example.com}

Good:
    gslb: {leader: site01, domains: [avi.example.com], parentZone: example.com}

Fix:
    Mend the estate file as the message says.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file import ESTATE_FILE
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document, Ref
from validator.read.exact import Node, Tree
from validator.rules import rule


@rule(
    "EST101",
    Severity.ERROR,
    sources=("EST", "GSLB-01", "GSLB-02", "GSLB-04", "GSLB-05", "GSLB-06", "schemas/estate.schema.json"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for error in estate.declared_problems:
        path, line, column = error.path or ESTATE_FILE, error.line or 1, error.column or 1
        at = Ref(Document(path, 0, 0, b"", None, _tree=Tree(Node(None, line, column), line)))
        yield Problem(at, f"{error.message}; {error.hint}" if error.hint else error.message)
