"""A server that is missing, or is not reached by https.

What it finds:
    A member whose cluster has no `server`, one that cannot be read, or one of another scheme than https.

Why it matters:
    Without a server client-go refuses the context; by http the token of the member travels in clear text, and no API server of TKG
    answers.
    Source: client-go tools/clientcmd/validation.go validateClusterInfo; rest/url_utils.go DefaultServerURL.

Bad:
    clusters:
      - {name: tkg-a, cluster: {server: "http://192.168.60.40:6443"}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443"}}

Fix:
    Write the server as `https://HOST:PORT`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.expected import server_of


@check("MBR106", Severity.ERROR, sources=("client-go tools/clientcmd/validation.go",))
def insecure(view: View) -> Iterator[Fault]:
    for member, cluster in view.parts("cluster"):
        server = server_of(cluster.text("server"))
        if not cluster.text("server"):
            message = f"context `{member.name}` has no server"
        elif not server.host:
            message = f"the server of context `{member.name}` is no URL of the form `https://HOST:PORT`"
        elif server.scheme != "https":
            message = f"the server of context `{member.name}` is reached by `{server.scheme}`, not by `https`"
        else:
            continue
        yield Fault(cluster.at("server"), message, context=member.name)
