"""A member that is reached through a proxy.

What it finds:
    `proxy-url` of a member's cluster. What stands in it before the host is not told.

Why it matters:
    The proxy of the machine where the kubeconfig was made is seldom one that AMKO's pod can reach, and it becomes a part that all
    sites need.
    Source: client-go tools/clientcmd/client_config.go: `proxy-url` is used for every request to that cluster.

Bad:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443", proxy-url: "http://localhost:3128"}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443"}}

Fix:
    Take it out, unless every cluster that runs AMKO reaches the member by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.expected import server_of


@check("MBR115", Severity.INFO, sources=("client-go tools/clientcmd/client_config.go",))
def proxied(view: View) -> Iterator[Fault]:
    for member, cluster in view.parts("cluster"):
        if "proxy-url" not in cluster.fields:
            continue
        proxy = server_of(cluster.text("proxy-url"))
        shown = f"`{proxy}`" if proxy.host else "one that cannot be read"
        yield Fault(
            cluster.at("proxy-url"),
            f"context `{member.name}` goes through a proxy, {shown}: every AMKO must reach it",
            context=member.name,
        )
