"""Two clusters that call themselves by one context.

What it finds:
    The same `federation.currentCluster` in two clusters, as it happens when the values of one site are copied to the next.

Why it matters:
    Both AMKOs take themselves for the same cluster. A leader leaves its own context out when it looks at the others, so it never
    sees the second one, nor copies configuration and policy there; after a failover the second one works on the first one's
    cluster as its own.
    Source: AMKO federator/controllers/utils.go getClusterContextDetails; docs/federation.md (1.9.1 to 2.1.1).

Bad:
    # site01
    federation: {currentCluster: a-admin@a}
    ---
    # site02
    federation: {currentCluster: a-admin@a}

Good:
    # site02
    federation: {currentCluster: b-admin@b}

Fix:
    Write each cluster's own context.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.rules import rule

CURRENT = ("federation", "currentCluster")


@rule("CTX110", Severity.ERROR, sources=("AMKO-CTX-07", "AMKO-FED-01"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        seen: dict[str, Release] = {}
        for release in sorted(federation.releases, key=_fits, reverse=True):
            text = release.text(*CURRENT)
            if not text:
                continue
            first = seen.setdefault(naming.of(text) or text, release)
            if first is release or first.cluster is release.cluster:
                continue
            free = [name for name in naming.mentions if name not in naming.own and name not in naming.wrong]
            hint = f"; did you mean `{free[0]}`?" if len(free) == 1 else ""
            yield Problem(
                release.at(*CURRENT),
                f"clusters `{first.cluster.name}` and `{release.cluster.name}` both call themselves `{text}`; a context is one "
                f"cluster's{hint}",
                related=((first.at(*CURRENT), f"`{first.cluster.name}` calls itself so"),),
            )


def _fits(release: Release) -> bool:
    """Return whether a context carries its cluster's name, so that the other one is wrong."""
    text = release.text(*CURRENT) or ""
    names: list[object] = [release.cluster.name, release.cluster.site]
    if release.cluster.tkg is not None:
        names.append(release.cluster.tkg.name)
    return any(isinstance(name, str) and name and name in text for name in names)
