"""A suppression that suppresses nothing, because it cannot be understood.

What it finds:
    `# estate: ignore[...]` without a reason, without rules, with a rule that does not exist, or with another
    word than `ignore`.

Why it matters:
    A suppression without a reason is not honoured: whoever reads it later cannot tell whether it still holds.
    One with a misspelt rule leaves its author believing that the finding was looked at.
    Source: docs of this project, Suppression.

Bad:
    currentClusterIsLeader: true  # estate: ignore[two-leaders]

Good:
    currentClusterIsLeader: true  # estate: ignore[two-leaders] failover drill until Friday

Fix:
    Give the reason after the bracket; `estate rules` lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read.documents import Document, Ref
from validator.read.exact import Node, Tree
from validator.rules import all_rules, find, rule


@rule("YML801", Severity.ERROR, sources=("YML", "design: suppression"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    from validator.filters.suppress import read

    for one in read(estate):
        at = Ref(Document(one.path, 0, 0, b"", None, _tree=Tree(Node(None, one.line, one.column), one.line)))
        if one.verb != "ignore":
            yield Problem(at, f"`{one.verb}` is not known after `# estate:`; `ignore[rule, ...] reason` is")
        elif not one.names:
            yield Problem(at, "names no rule; `# estate: ignore[rule, ...] reason` is the form")
        elif not one.reason:
            yield Problem(at, "gives no reason, so nothing is ignored; write it after the bracket")
        for name in one.names or ():
            if one.verb == "ignore" and find(name) is None:
                near = nearest(name, [known.name for known in all_rules()] if "-" in name else [])
                yield Problem(at, f"rule `{name}` does not exist" + (f", did you mean `{near}`?" if near else ""))
