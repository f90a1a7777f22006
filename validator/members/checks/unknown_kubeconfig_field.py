"""A field that no kubeconfig has.

What it finds:
    A key of a member's context, cluster or user that client-go does not know, with what it was probably meant to be.

Why it matters:
    client-go passes over it: a misspelt `certificate-authority-data` is a missing one.
    Source: client-go tools/clientcmd/api/v1/types.go.

Bad:
    users:
      - {name: tkg-a, user: {tokenfile: /run/token}}

Good:
    users:
      - {name: tkg-a, user: {tokenFile: /run/token}}

Fix:
    Write the field as the message names it, or take it out; `estate members merge` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.kubeconfig import meant


@check("MBR119", Severity.WARNING, sources=("client-go tools/clientcmd/api/v1/types.go",))
def unknown(view: View) -> Iterator[Fault]:
    for member, entry in view.parts():
        for key in entry.unknown:
            if near := meant(entry.kind, key):
                at = entry.source.place(*entry.pointer, entry.kind, key, key=True)
                message = f"{entry.kind} `{entry.name}` has a field that is not known; did you mean `{near}`?"
                yield Fault(at, message, context=member.name)
