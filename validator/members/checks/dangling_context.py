"""A context that names a cluster or a user that is not there.

What it finds:
    A member whose context has no `cluster` or no `user`, or names one that its kubeconfig does not hold.

Why it matters:
    client-go refuses the context, so AMKO skips the member and never tries it again.
    Source: client-go tools/clientcmd/validation.go validateContext.

Bad:
    users:
      - {name: tkg-a, user: {token: ...}}
    contexts:
      - {name: tkg-a-admin@tkg-a, context: {cluster: tkg-a, user: tkg-a-admin}}

Good:
    users:
      - {name: tkg-a-admin, user: {token: ...}}
    contexts:
      - {name: tkg-a-admin@tkg-a, context: {cluster: tkg-a, user: tkg-a-admin}}

Fix:
    Take the kubeconfig again, with `kubectl config view --raw --flatten --minify --context NAME`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR107", Severity.ERROR, sources=("client-go tools/clientcmd/validation.go",))
def dangling(view: View) -> Iterator[Fault]:
    for member in view.members:
        for kind, entry in (("cluster", member.cluster), ("user", member.user)):
            named = member.context.text(kind)
            if entry is not None:
                continue
            what = f"names {kind} `{named}`, which its kubeconfig does not have" if named else f"names no {kind}"
            yield Fault(member.context.at(kind), f"context `{member.name}` {what}", context=member.name)
