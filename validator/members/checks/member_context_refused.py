"""A context name with a `/` in it.

What it finds:
    A context of the kubeconfig whose name has a `/`, as OpenShift and EKS give them.

Why it matters:
    AMKO joins cluster, namespace and name of what it sees by `/` and takes them apart by counting: everything of that member is
    dropped, with `multi-cluster ingress name format is unexpected`.
    Source: AMKO gslb/gslbutils/gslbutils.go MultiClusterKey, SplitMultiClusterObjectName (1.9.1 to 2.1.1).

Bad:
    contexts:
      - {name: default/api-ocp:6443/admin, context: {cluster: ocp, user: admin}}

Good:
    contexts:
      - {name: ocp-site01, context: {cluster: ocp, user: admin}}

Fix:
    Rename it: `estate members merge --rename OLD=NEW`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR105", Severity.ERROR, sources=("AMKO-CTX-05",))
def slashed(view: View) -> Iterator[Fault]:
    for member in view.members:
        if "/" in member.name:
            yield Fault(
                member.context.at(), f"context `{member.name}` has a `/` in its name, which AMKO cannot tell apart"
            )
