"""A context that the kubeconfig of AMKO does not have.

What it finds:
    A name in `federation.memberClusters` or `configs.memberClusters` that is no context of the kubeconfig in
    `gslb-config-secret`, where that Secret stands in the repository in plain text or is made from a file of it.

Why it matters:
    AMKO reaches its members through that kubeconfig only. For a member of the federation the leader's boot ends with `error in
    building context config for kubernetes cluster X`. For a cluster in `configs.memberClusters` AMKO writes one warning and never
    tries again: its applications are no members of any GSLB service.
    Source: AMKO federator/controllers/utils.go BuildContextConfig, gslb/ingestion/gslb.go InitializeGSLBMemberClusters
    (1.9.1 to 2.1.1).

Bad:
    # gslb-members of site01
    contexts: [{name: a-admin@a, context: {cluster: a, user: a}}]
    # values of site01
    configs: {memberClusters: [{clusterContext: a-admin@a}, {clusterContext: b-admin@b}]}

Good:
    contexts: [{name: a-admin@a, context: {cluster: a, user: a}}, {name: b-admin@b, context: {cluster: b, user: b}}]

Fix:
    Add the context to the kubeconfig in every cluster that runs AMKO, and restart AMKO: it reads the kubeconfig when it starts.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.contexts import Naming, closest
from validator.federation.kubeconfig import Kubeconfig
from validator.finding import Problem, Severity
from validator.model import Estate, Mention, Release
from validator.rules import rule

LISTS = (("federation", "memberClusters"), ("configs", "memberClusters"))


@rule("CTX102", Severity.ERROR, sources=("AMKO-CTX-01", "AMKO-CTX-02"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        naming = estate.naming(federation)
        for release in federation.releases:
            kubeconfig = naming.kubeconfigs.get(id(release))
            if kubeconfig is not None:
                yield from _missing(release, kubeconfig, naming)


def _missing(release: Release, kubeconfig: Kubeconfig, naming: Naming) -> Iterator[Problem]:
    lacking: dict[str, list[Mention]] = {}
    for text, places in naming.mentions.items():
        here = [mention for mention in places if mention.release is release and mention.pointer[:2] in LISTS]
        if here and text not in naming.wrong and text not in kubeconfig.contexts:
            lacking[text] = here
    spare = [name for name in kubeconfig.contexts if name not in naming.mentions]
    for text, places in lacking.items():
        near = closest(text, spare)
        at = kubeconfig.contexts[near].at if near else kubeconfig.at
        titles = " and ".join(f"`{title}`" for title in dict.fromkeys(mention.title for mention in places))
        has = f"; it has `{near}`" if near else ""
        yield Problem(
            at,
            f"the kubeconfig of AMKO in cluster `{release.cluster.name}` has no context `{text}`, which {titles} names{has}",
            related=tuple((mention.at, f"`{text}` in `{mention.title}`") for mention in places),
        )
