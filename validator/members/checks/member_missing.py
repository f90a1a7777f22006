"""A member of the estate without a context.

What it finds:
    A cluster that the estate file makes a member, or lets run AMKO, whose context is not in the kubeconfig. A context that is
    spelt nearly like it, or that leads to its server, is named.

Why it matters:
    AMKO skips a member whose context it does not find, writes one warning and never tries it again: the global names lose that
    site. In the federation it is worse, the leader does not start: `error in building context config for kubernetes cluster`.
    Source: AMKO gslb/ingestion/gslb.go InitializeGSLBMemberClusters; federator/controllers/utils.go (1.9.1 to 2.1.1).

Bad:
    # members tkg-a-admin@tkg-a and tkg-b-admin@tkg-b
    contexts:
      - {name: tkg-a-admin@tkg-a, context: {cluster: tkg-a, user: tkg-a-admin}}

Good:
    contexts:
      - {name: tkg-a-admin@tkg-a, context: {cluster: tkg-a, user: tkg-a-admin}}
      - {name: tkg-b-admin@tkg-b, context: {cluster: tkg-b, user: tkg-b-admin}}

Fix:
    Merge the kubeconfig of that cluster, or rename its context: `estate members merge --rename OLD=NEW`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import closest
from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.expected import Expected, plain_host, server_of
from validator.members.merge import Member

_MANY = 500
"""Contexts from which on no similar name is looked for."""


@check("MBR101", Severity.ERROR, sources=("AMKO-CTX-01", "AMKO-CTX-02"))
def missing(view: View) -> Iterator[Fault]:
    if view.estate is None:
        return
    names = {member.name for member in view.members} | {one.name for pair in view.merged.rivals for one in pair}
    strangers = [one for one in (*view.members, *view.merged.dropped) if one.name not in view.estate.members]
    near = _Near(strangers)
    for context, expected in view.estate.members.items():
        if context in names:
            continue
        found = near.to(expected)
        has = f"; it has `{found.name}`" if found else ""
        yield Fault(
            found.context.at() if found else view.at,
            f"no context `{context}`, by which AMKO knows cluster `{expected.cluster}`{has}",
            ((expected.context_at, f"cluster `{expected.cluster}` is declared here"),),
            context=context,
        )


class _Near:
    """Contexts of no member, by the server that they lead to and by their names."""

    def __init__(self, strangers: list[Member]) -> None:
        self._named = {one.name: one for one in strangers}
        self._servers: dict[tuple[str, int], Member] = {}
        for one in strangers:
            if one.cluster is not None:
                server = server_of(one.cluster.text("server"))
                self._servers.setdefault((server.host, server.port), one)

    def to(self, expected: Expected) -> Member | None:
        """Return the context that was probably meant to be a member's."""
        for host in expected.hosts:
            if found := self._servers.get((plain_host(host), expected.port)):
                return found
        name = closest(expected.context, self._named) if len(self._named) <= _MANY else None
        return self._named[name] if name else None
