"""Two contexts that lead to one API server.

What it finds:
    Members whose servers have the same host, port and path.

Why it matters:
    AMKO counts the applications of that cluster twice, the other cluster's never; a leader that meets itself under a follower's name
    stops with `AMKO in cluster X is also a leader`.
    Source: AMKO docs/federation.md; federator/controllers/utils.go ValidateMemberClusters (1.9.1 to 2.1.1).

Bad:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443"}}
      - {name: tkg-b, cluster: {server: "https://192.168.60.40:6443"}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443"}}
      - {name: tkg-b, cluster: {server: "https://192.168.70.40:6443"}}

Fix:
    Give each context the server of its own cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.expected import leads_to, server_of
from validator.members.merge import Member


@check("MBR104", Severity.ERROR, sources=("AMKO-CTX-07",))
def shared(view: View) -> Iterator[Fault]:
    first: dict[tuple[str, int, str], Member] = {}
    for member in view.members:
        server = server_of(member.cluster.text("server")) if member.cluster is not None else None
        if member.cluster is None or server is None or not server.host:
            continue
        other = first.setdefault((server.host, server.port, server.path), member)
        if other is member or other.cluster is None or _told_already(view, member) or _told_already(view, other):
            continue
        yield Fault(
            member.cluster.at("server"),
            f"contexts `{other.name}` and `{member.name}` lead to one server, `{server}`; each member needs its own",
            ((other.cluster.at("server"), f"server of `{other.name}`"),),
            context=member.name,
        )


def _told_already(view: View, member: Member) -> bool:
    """Return whether MBR103 says that the context leads elsewhere, or MBR102 that it is nobody's."""
    if view.estate is None:
        return False
    expected = view.estate.members.get(member.name)
    return expected is None or (
        member.cluster is not None and leads_to(server_of(member.cluster.text("server")), expected) is False
    )
