"""A context that leads to another API server than its cluster's.

What it finds:
    The host and port of a context's server, against `endpoint` and `endpointPort` of the cluster in the estate file; a name in
    `additionalFqdns` counts as the cluster's too. An address here and a name there is `unverifiable`: only DNS knows.

Why it matters:
    AMKO trusts the name. It publishes what it finds in the wrong cluster under the right one's site, and a leader overwrites the
    policy of whatever answers.
    Source: AMKO docs/federation.md: contexts that lead elsewhere are undefined behaviour (1.9.1 to 2.1.1).

Bad:
    # endpoint: 192.168.60.40
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.70.40:6443"}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443"}}

Fix:
    Take the kubeconfig of the cluster that the context is named after, or mend the endpoint in the estate file.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.expected import leads_to, server_of


@check("MBR103", Severity.ERROR, sources=("AMKO-CTX-07",))
def elsewhere(view: View) -> Iterator[Fault]:
    for member in view.members:
        expected = view.estate.members.get(member.name) if view.estate is not None else None
        server = server_of(member.cluster.text("server")) if member.cluster is not None else None
        if member.cluster is None or expected is None or server is None or not server.host:
            continue
        same = leads_to(server, expected)
        if same:
            continue
        wanted = f"the API server of cluster `{expected.cluster}` is `{server_of(expected.server)}`"
        message = f"context `{member.name}` leads to `{server}`, {wanted}"
        if same is None:
            message += "; whether these are one, only DNS knows"
        yield Fault(
            member.cluster.at("server"),
            message,
            ((expected.endpoint_at, "the cluster's endpoint"),),
            None if same is False else Severity.UNVERIFIABLE,
            context=member.name,
        )
