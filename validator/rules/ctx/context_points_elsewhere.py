"""A context that leads to another cluster than its name says.

What it finds:
    In a kubeconfig that stands in the repository in plain text: a context whose server is not the API endpoint of the cluster that
    has this context (from its ClusterClass `Cluster` object or the estate file), and two contexts with one server.

Why it matters:
    AMKO trusts the name. With two names for one cluster it counts its applications twice and the other site's never; a leader that
    reaches itself under a follower's name overwrites its own objects.
    Source: AMKO docs/federation.md (contexts must be unique and right); gslb/ingestion/gslb.go (1.9.1 to 2.1.1).

Bad:
    clusters:
      - {name: a, cluster: {server: "https://192.168.60.40:6443"}}
      - {name: b, cluster: {server: "https://192.168.60.40:6443"}}

Good:
    clusters:
      - {name: a, cluster: {server: "https://192.168.60.40:6443"}}
      - {name: b, cluster: {server: "https://192.168.70.40:6443"}}

Fix:
    Give each context the API server of its cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.kubeconfig import Context
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ctx._endpoint import endpoint, host_of


@rule("CTX107", Severity.WARNING, sources=("AMKO-CTX-07",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for kubeconfig in naming.kubeconfigs.values():
            servers: dict[str, Context] = {}
            for context in kubeconfig.contexts.values():
                host = host_of(context.server)
                if host is None or context.name not in naming.mentions:
                    continue
                cluster = estate.cluster_of(context.name)
                wanted = endpoint(estate, cluster) if cluster is not None else None
                other = servers.setdefault(host, context)
                if cluster is not None and wanted is not None and wanted[0] != host:
                    shared = sum(one.cluster == context.cluster for one in kubeconfig.contexts.values()) > 1
                    yield Problem(
                        context.cluster_at if shared else context.server_at,
                        f"context `{context.name}` leads to `{host}`, but the API server of cluster `{cluster.name}` is `{wanted[0]}`",
                        related=((wanted[1], "the cluster's endpoint"),),
                    )
                elif other is not context and (wanted is None or _endpoint_is_other(estate, other, host)):
                    yield Problem(
                        context.server_at,
                        f"contexts `{other.name}` and `{context.name}` lead to the same server `{host}`; each cluster needs its own",
                        related=((other.server_at, f"server of `{other.name}`"),),
                    )


def _endpoint_is_other(estate: Estate, context: Context, host: str) -> bool:
    """Return whether the other context is not already told to lead elsewhere."""
    cluster = estate.cluster_of(context.name)
    wanted = endpoint(estate, cluster) if cluster is not None else None
    return wanted is None or wanted[0] == host
