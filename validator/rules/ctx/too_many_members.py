"""A federation has more members than AMKO's kubeconfig can hold.

What it finds:
    An AMKO whose `configs.memberClusters` and `federation.memberClusters` name more than 80 contexts together. The repository does not
    hold the kubeconfig itself; 80 is what fits at best, with short names, elliptic-curve certificates and short tokens. With
    the certificates and tokens of TKG some 43 fit: `estate members check` says how large a kubeconfig is.

Why it matters:
    AMKO takes the kubeconfig from Secret `gslb-config-secret` as one environment variable, and Linux takes no string of more than
    131,072 bytes there. The container does not start: `exec ...: argument list too long`.
    Source: AMKO helm/amko/templates/statefulset.yaml, `secretKeyRef` in `env` (1.9.1 to 2.1.1); execve(2), MAX_ARG_STRLEN.

Bad:
    configs:
      memberClusters: [{clusterContext: site001-admin@site001}, ..., {clusterContext: site120-admin@site120}]

Good:
    # two federations, each with a sub-domain and members of its own

Fix:
    Split the estate into federations of some 40 members, each with its own delegated sub-domain, or take clusters that serve no
    global name out of GSLB (`member: false`).
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import names
from validator.finding import Problem, Severity
from validator.model import Estate, mentions
from validator.rules import rule

SMALLEST = 1600
"""Bytes of a member at least: a certificate of an elliptic-curve authority, a token signed by one, names and frame."""
MOST = (names.MAX_VARIABLE - len(names.MEMBERS_VARIABLE) - 2) // SMALLEST // 10 * 10


@rule("CTX113", Severity.WARNING, sources=("execve(2), MAX_ARG_STRLEN", "AMKO helm/amko/templates/statefulset.yaml"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        release = next(iter((*federation.leaders, *federation.releases)), None)
        if release is None:
            continue
        contexts = {one.context for one in mentions(release) if isinstance(one.context, str) and one.context}
        if len(contexts) > MOST:
            text = (
                f"{len(contexts)} members; their kubeconfig reaches AMKO as one environment variable of at most "
                f"{names.MAX_VARIABLE} bytes, which holds {MOST} at the best: AMKO would not start"
            )
            yield Problem(release.at("configs", "memberClusters"), text)
