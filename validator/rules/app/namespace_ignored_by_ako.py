"""AKO ignores a namespace whose applications the policy selects.

What it finds:
    A selected Ingress or Service in a namespace of `AKOSettings.blockedNamespaceList`, or in one without the label
    of `AKOSettings.namespaceSelector`, in every AKO of the cluster.

Why it matters:
    AKO passes over the namespace: no virtual service, no status, no annotations. AMKO selects the object and drops
    it for want of them; the site is no member.
    Source: AKO internal/lib/lib.go IsNamespaceBlocked, pkg/utils/utils.go CheckIfNamespaceAccepted (1.9.2 to
    2.1.1).

Bad:
    AKOSettings: {blockedNamespaceList: [shop]}

Good:
    AKOSettings: {blockedNamespaceList: [kube-system]}

Fix:
    Take the namespace off the list, or put the label of AKO's namespaceSelector on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import ignores
from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.rules import rule

BLOCKED = ("AKOSettings", "blockedNamespaceList")
VALUE = ("AKOSettings", "namespaceSelector", "labelValue")


@rule("APP120", Severity.ERROR, sources=("APP-18", "AKO pkg/utils/utils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        told: set[tuple[Cluster, str]] = set()
        for found in selection.selected if selection.policy.sound else ():
            cluster, namespace = found.cluster, found.manifest.namespace
            if (cluster, namespace) in told or not cluster.ako:
                continue
            told.add((cluster, namespace))
            labels = cluster.workloads.namespace_labels(namespace)
            reasons = [ignores(release, namespace, labels) for release in cluster.ako]
            if all(reasons):
                at, setting = _places(found, reasons[0] or "")
                yield Problem(
                    at,
                    f"AKO of cluster `{cluster.name}` ignores namespace `{namespace}` by `{reasons[0]}`, the policy "
                    f"selects {found.manifest.kind} `{namespace}/{found.manifest.name}` there; it gets no member",
                    related=(setting,),
                    site=cluster.site,
                    cluster=cluster.name,
                )


def _places(found: Candidate, reason: str) -> tuple[Ref, tuple[Ref, str]]:
    release, namespace = found.cluster.ako[0], found.manifest.namespace
    if reason.endswith("blockedNamespaceList"):
        items = release.get(*BLOCKED)
        at = release.at(*BLOCKED, items.index(namespace)) if isinstance(items, list) else release.at(*BLOCKED)
        return at, (found.manifest.at("metadata", "name"), f"{found.manifest.kind} `{namespace}/{found.manifest.name}`")
    made = found.cluster.workloads.namespaces.get(namespace)
    if made is None:
        return found.at, (release.at(*VALUE), "AKO's namespaceSelector")
    at = made.at("metadata", "labels", key=True) if made.labels else made.at("metadata", "name")
    return at, (release.at(*VALUE), "AKO's namespaceSelector")
