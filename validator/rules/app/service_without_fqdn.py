"""A selected Service of type LoadBalancer gets no name from AKO.

What it finds:
    `L4Settings.autoFQDN: disabled` in a cluster where the policy selects a Service of type LoadBalancer.

Why it matters:
    With `disabled` AKO gives Services no FQDN at all, it even ignores their external-dns annotation. The status has
    an address without a host name, and AMKO rejects the object: `no hostname for object, not supported`.
    Source: AKO internal/nodes/avi_model_l4_translator.go ConstructAviL4VsNode; AMKO gslb/nodes/dq_ingestion.go.

Bad:
    # a Service of type LoadBalancer is selected in this cluster
    L4Settings: {autoFQDN: disabled}

Good:
    L4Settings: {autoFQDN: default}

Fix:
    Use `default` or `flat` in every site alike, or take the selector's label off the Service.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule

SETTING = ("L4Settings", "autoFQDN")


@rule("APP115", Severity.ERROR, sources=("APP-13", "AKO internal/nodes/avi_model_l4_translator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        told: set[Cluster] = set()
        for found in selection.selected if selection.policy.sound else ():
            cluster = found.cluster
            if found.rule is not None or cluster in told or len(cluster.ako) != 1:
                continue
            if cluster.ako[0].get(*SETTING) != "disabled":
                continue
            told.add(cluster)
            yield Problem(
                cluster.ako[0].at(*SETTING),
                "`autoFQDN: disabled` leaves the selected Service "
                f"`{found.manifest.namespace}/{found.manifest.name}` "
                f"of cluster `{cluster.name}` without a host name; AMKO takes no Service without one",
                related=((found.manifest.at("metadata", "name"), "the Service"),),
                site=cluster.site,
                cluster=cluster.name,
            )
