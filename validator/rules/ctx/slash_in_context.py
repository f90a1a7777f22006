"""A context name with a slash in it.

What it finds:
    A `/` in any cluster context that AMKO is given. The default contexts of OpenShift (`namespace/host:6443/user`) and the ARNs
    of EKS have one.

Why it matters:
    AMKO puts the context into keys that it joins and splits at `/`. With one more slash the parts are mixed up, and events of the
    cluster are dropped: `multi-cluster ingress name format is unexpected`.
    Source: AMKO gslb/gslbutils/gslbutils.go MultiClusterKey, SplitMultiClusterIngHostName (1.9.1 to 2.1.1).

Bad:
    configs: {memberClusters: [{clusterContext: default/api-b-example-com:6443/admin}]}

Good:
    configs: {memberClusters: [{clusterContext: b}]}

Fix:
    Rename the context in the kubeconfig (`kubectl config rename-context`) and write the new name everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("CTX105", Severity.ERROR, sources=("AMKO-CTX-05",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for text, places in naming.mentions.items():
            if "/" in text and text not in naming.wrong:
                yield Problem(
                    places[0].at,
                    f"context `{text}` has a `/`, at which AMKO splits its keys; rename the context in the kubeconfig",
                    related=tuple((place.at, f"in `{place.title}` too") for place in places[1:20]),
                )
