"""A context of AMKO's kubeconfig that leads nowhere, or with the account of another cluster.

What it finds:
    In a kubeconfig that the repository shows, in plain text or as a template: a context whose cluster or user has no entry,
    and a context with the user of another context while an entry of `users` is used by none.

Why it matters:
    client-go refuses a context whose cluster or user it does not find. For a member of the federation the leader's boot ends with
    `error in building context config for kubernetes cluster X`, for a GSLB member AMKO writes one warning and never tries again.
    With the token of another cluster every request is answered by 401, and the cluster has no members.
    Source: kubernetes/client-go tools/clientcmd/validation.go; AMKO federator/controllers/utils.go BuildContextConfig,
    gslb/ingestion/gslb.go InitializeGSLBMemberClusters (1.9.1 to 2.1.1).

Bad:
    users: [{name: a, user: {token: x}}, {name: b, user: {token: y}}]
    contexts:
      - {name: a-admin@a, context: {cluster: a, user: a}}
      - {name: b-admin@b, context: {cluster: b, user: a}}

Good:
    users: [{name: a, user: {token: x}}, {name: b, user: {token: y}}]
    contexts:
      - {name: a-admin@a, context: {cluster: a, user: a}}
      - {name: b-admin@b, context: {cluster: b, user: b}}

Fix:
    Name the entries of the cluster in its context, or add them.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.kubeconfig import Context, Kubeconfig
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule


@rule("CTX112", Severity.ERROR, sources=("AMKO-CTX-01", "AMKO-CTX-02", "AMKO-CTX-07"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for kubeconfig in naming.kubeconfigs.values():
            idle = kubeconfig.users - {context.user for context in kubeconfig.contexts.values()}
            used: dict[str, Context] = {}
            for context in kubeconfig.contexts.values():
                yield from _entry(context, kubeconfig)
                other = used.setdefault(context.user or "", context)
                if other is not context and context.user and idle:
                    yield _borrowed(context, other, idle)


def _entry(context: Context, kubeconfig: Kubeconfig) -> Iterator[Problem]:
    parts = (("cluster", context.cluster, kubeconfig.clusters), ("user", context.user, kubeconfig.users))
    for part, name, known in parts:
        if name is not None and known and name not in known:
            meant = nearest(name, sorted(known))
            hint = f", did you mean `{meant}`?" if meant else ""
            text = (
                f"context `{context.name}` has {part} `{name}`, which `{part}s` of the kubeconfig does not have{hint}"
            )
            yield Problem(context.cluster_at if part == "cluster" else context.user_at, text)


def _borrowed(context: Context, other: Context, idle: frozenset[str]) -> Problem:
    odd, right = (context, other) if context.user != context.cluster else (other, context)
    names = ", ".join(f"`{name}`" for name in sorted(idle))
    return Problem(
        odd.user_at,
        f"context `{odd.name}` has user `{odd.user}`, as context `{right.name}` has, and nobody has {names}; each cluster "
        "knows its own account only",
        related=((right.user_at, f"user of `{right.name}`"),),
        severity=Severity.WARNING,
    )
