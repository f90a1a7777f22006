"""A certificate or token that ends soon.

What it finds:
    A client certificate, certificate authority or JWT that ends within `--warn-days`, 30 by default.

Why it matters:
    AMKO reads the kubeconfig once, when it starts: a new one must be in the Secret of every cluster that runs AMKO, and AMKO
    restarted, before the old one ends.
    Source: AMKO helm/amko/templates/statefulset.yaml: an environment variable (1.9.1 to 2.1.1).

Bad:
    client certificate of `tkg-a-admin@tkg-a` ends on 2026-12-10, in 9 days

Good:
    client certificate of `tkg-a-admin@tkg-a` ends on 2027-11-02, in 337 days

Fix:
    Take a new kubeconfig, merge, restart AMKO. A token of `kubectl create token` lives an hour: take that of a token Secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.checks._ends import every
from validator.members.credentials import days_left


@check("MBR113", Severity.WARNING, sources=("AMKO helm/amko/templates/statefulset.yaml",))
def ending(view: View) -> Iterator[Fault]:
    for one in every(view):
        ends = one.validity.ends
        left = days_left(ends, view.now) if ends is not None else view.warn_days
        if ends is None or not (view.now < ends and left < view.warn_days):
            continue
        when = (
            f"{ends:%Y-%m-%d}, in {left} {'day' if left == 1 else 'days'}"
            if left
            else f"{ends:%Y-%m-%d %H:%M} UTC, in less than a day"
        )
        yield Fault(
            one.entry.at(one.key), f"{one.title} of `{one.member.name}` ends on {when}", context=one.member.name
        )
