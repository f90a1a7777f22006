"""A context that no member of the estate has.

What it finds:
    A context in the kubeconfig whose name is not that of a member, although the estate file is known.

Why it matters:
    AMKO does not use it, but its credential is now in every cluster that runs AMKO. A name with a slip in it is also missing
    where it belongs, which MBR101 tells.
    Source: AMKO gslb/ingestion/gslb.go loadClusterAccess: only the contexts of `configs.memberClusters` are looked at.

Bad:
    contexts:
      - {name: my-laptop, context: {cluster: kind, user: kind}}

Good:
    contexts:
      - {name: tkg-a-admin@tkg-a, context: {cluster: tkg-a, user: tkg-a-admin}}

Fix:
    Leave it out: `estate members merge` keeps the members alone, unless it is given `--all`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check

SHOWN = 20


@check("MBR102", Severity.WARNING, sources=("AMKO-CTX-02",))
def strange(view: View) -> Iterator[Fault]:
    if view.estate is None:
        return
    found = [one for one in view.members if one.name not in view.estate.members]
    for member in found[:SHOWN]:
        yield Fault(
            member.context.at(), f"context `{member.name}` is that of no member of `{view.estate.data['name']}`"
        )
    if len(found) > SHOWN:
        at = found[SHOWN].context.at()
        yield Fault(at, f"{len(found) - SHOWN} more contexts are those of no member of `{view.estate.data['name']}`")
