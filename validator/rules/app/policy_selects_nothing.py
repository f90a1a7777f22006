"""The policy selects nothing although hosts are there in several member clusters.

What it finds:
    A policy whose label is on no Ingress and no Service of any member cluster, while the same host stands in two or
    more of them.

Why it matters:
    AMKO accepts the policy and programs nothing; each object is passed over with an INFO line. An empty selection
    after a restart even deletes the GSLB services that an earlier policy made.
    Source: AMKO gslb/gslbutils/gdputils.go AddToFilter, gslb/ingestion/fullsync.go GenerateModels (1.9.1 to 2.1.1).

Bad:
    globalDeploymentPolicy:
      appSelector: {label: {app: glsb}}

Good:
    globalDeploymentPolicy:
      appSelector: {label: {app: gslb}}

Fix:
    Give the policy the label that the Ingresses have, or the Ingresses the label of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import Verdict
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._hosts import below, domains


@rule("APP106", Severity.WARNING, sources=("APP-02", "AMKO gslb/gslbutils/gdputils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    known = domains(estate)
    for selection in estate.selections:
        policy = selection.policy
        verdicts = {found.verdict for found in selection.candidates}
        if not policy.sound or verdicts & {Verdict.SELECTED, Verdict.UNKNOWN}:
            continue
        shared = [host for host, clusters in selection.hosts.items() if len(clusters) > 1]
        shared = [host for host in shared if not known or any(below(host, domain) for domain in known)]
        if not shared:
            continue
        kind = "appSelector" if policy.app else "namespaceSelector"
        key, value = policy.app or policy.namespace or ("", "")
        first = next(iter(selection.hosts[shared[0]].values()))[0]
        yield Problem(
            policy.release.at("globalDeploymentPolicy", kind, "label", key),
            f"no Ingress and no Service of the member clusters is selected by `{key}: {value}`, although host "
            f"`{shared[0]}` is in {len(selection.hosts[shared[0]])} of them; AMKO programs nothing",
            related=((first.at, f"`{shared[0]}` in cluster `{first.cluster.name}`"),),
        )
