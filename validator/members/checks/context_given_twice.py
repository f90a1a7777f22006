"""Two contexts that would have one name.

What it finds:
    Contexts of one name in two kubeconfigs that say different things; two contexts that lead to one member and have neither its
    name.

Why it matters:
    kubectl takes the first file's and drops the other without a word: which cluster AMKO then sees depends on the order of the
    files.
    Source: client-go tools/clientcmd/loader.go ClientConfigLoadingRules.Load.

Bad:
    # site01.kubeconfig and site02.kubeconfig both have, as kubeadm names it
    contexts:
      - {name: kubernetes-admin@kubernetes, context: {cluster: kubernetes, user: kubernetes-admin}}

Good:
    # site02.kubeconfig
    contexts:
      - {name: site02, context: {cluster: kubernetes, user: kubernetes-admin}}

Fix:
    With the estate file contexts are told apart by their servers. Otherwise rename one in its file:
    `kubectl --kubeconfig FILE config rename-context OLD NEW`; of two for one member choose one by `--rename OLD=NEW`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR118", Severity.ERROR, sources=("client-go tools/clientcmd/loader.go",))
def twice(view: View) -> Iterator[Fault]:
    for first, other in view.merged.conflicts:
        yield Fault(
            other.context.at(),
            f"context `{other.name}` is given twice, and differently",
            ((first.context.at(), "the first one"),),
            context=other.name,
        )
    for first, other in view.merged.rivals:
        yield Fault(
            other.context.at(),
            f"contexts `{first.context.name}` and `{other.context.name}` both lead to member `{other.name}`; choose one by "
            f"`--rename {other.context.name}={other.name}`",
            ((first.context.at(), f"context `{first.context.name}`"),),
            context=other.name,
        )
