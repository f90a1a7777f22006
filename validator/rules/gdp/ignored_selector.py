"""A selector that AMKO ignores, because it has not exactly one label.

What it finds:
    An `appSelector` or `namespaceSelector` whose `label` holds two or more labels, none beside another selector that has one,
    or an empty key or value.

Why it matters:
    AMKO reads a selector only when it has exactly one label. With two it acts as if the selector were not there: alone it
    selects nothing, beside another selector that one decides without it, and more becomes global than was meant. An empty
    key or value makes AMKO refuse the policy.
    Source: AMKO gslb/gslbutils/gdputils.go AddToFilter; gslb/ingestion/gdp_controller.go validLabel (1.9.1 to 2.1.1).

Bad:
    appSelector: {label: {app: gslb, tier: web}}

Good:
    appSelector: {label: {app: gslb}}

Fix:
    Keep one label. To combine two conditions, use one label in `appSelector` and one in `namespaceSelector`: both must match.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.federation.policies import Policy, policies
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

SELECTORS = ("appSelector", "namespaceSelector")


@rule("GDP102", Severity.ERROR, sources=("GDP-02",))
def check(estate: Estate) -> Iterator[Problem]:
    for policy in policies(estate):
        labels = {name: label for name in SELECTORS if isinstance(label := policy.get(name, "label"), dict)}
        for name, label in labels.items():
            others = any(other for key, other in labels.items() if key != name)
            yield from _faults(policy, name, label, others=others)


def _faults(policy: Policy, name: str, label: dict[Any, Any], *, others: bool) -> Iterator[Problem]:
    path = policy.path(name, "label")
    if len(label) > 1:
        effect = "and the other selector decides alone" if others else "and the policy selects nothing"
        yield Problem(
            policy.at(name, "label"),
            f"`{path}` of {policy.title} has {len(label)} labels; AMKO ignores a selector that has not exactly one, {effect}",
        )
    elif not label and others:
        yield Problem(
            policy.at(name, "label"),
            f"`{path}` of {policy.title} is empty; AMKO ignores it, and the other selector decides alone",
        )
    for key, value in label.items():
        if key == "" or value == "":
            what = "key" if key == "" else "value"
            yield Problem(
                policy.at(name, "label", key),
                f"`{path}` of {policy.title} has an empty {what}; AMKO refuses the policy",
            )
