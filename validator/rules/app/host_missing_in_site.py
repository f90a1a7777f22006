"""A host of GSLB is not in every member cluster that should serve it.

What it finds:
    A host that the policy selects in one member cluster while another one, which has the application (by the estate
    file, by its Service, or by a sync of its own), has no Ingress for it.

Why it matters:
    In its default mode AMKO names a GSLB service after the host and makes one member for each cluster that has the
    host. A cluster without it is simply no member: DNS answers, everything looks healthy, and the day the other
    site fails there is nothing to fail over to.
    Source: AMKO gslb/nodes/dq_ingestion.go DeriveGSLBServiceName (1.9.1 to 2.1.1).

Bad:
    # site01: an Ingress for the host; site02: the Service alone
    spec:
      rules:
      - host: shop.avi.example.com

Good:
    # site01 and site02: the same host
    spec:
      rules:
      - host: shop.avi.example.com

Fix:
    Add the Ingress to the cluster that lacks it, or declare the app single-site (`mode: single-site`) in
    `estate.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import Workloads, rules
from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.app._hosts import declared_hosts, listed, local_to


@rule("APP101", Severity.WARNING, sources=("APP-01", "AMKO gslb/nodes/dq_ingestion.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = declared_hosts(estate)
    for selection in estate.selections:
        if not selection.policy.sound or selection.policy.custom:
            continue
        for host, having in selection.hosts.items():
            if len(having) == len(selection.members):
                continue
            wanted, said = declared.get(host, (None, None))
            first = next((c for found in having.values() for c in found if c.selected or wanted), None)
            if first is None or "$" in host:
                continue
            for cluster in selection.members:
                if cluster in having or not _expected(estate, first, cluster, wanted):
                    continue
                told = ((first.at, f"`{first.cluster.name}` has it"),)
                yield Problem(
                    _place(first, cluster),
                    f"host `{host}` is in {listed(c.name for c in having)} but not in cluster `{cluster.name}`, "
                    "which has the application; its GSLB service has no member there",
                    related=(*told, (said, f"`{cluster.name}` is to serve it")) if said else told,
                    severity=Severity.ERROR if wanted else None,
                    site=cluster.site,
                    cluster=cluster.name,
                    absence=cluster.root,
                )


def _place(one: Candidate, cluster: Cluster) -> Ref:
    """Return where the host should stand: in the Ingress of that name, beside the application, else where a sibling has it."""
    here, ingress = cluster.workloads, one.manifest
    if (same := here.by_name.get((ingress.namespace, ingress.name))) is not None:
        return same.at("spec", "rules") if "rules" in same.spec else same.at("spec", key=True)
    if (namespace := here.namespaces.get(ingress.namespace)) is not None:
        return namespace.at("metadata", "name")
    for kind in ("Kustomization", "Application"):
        for sync in cluster.of(kind):
            if sync.name == ingress.applied_by:
                return sync.at("metadata", "name")
    return one.at


def _expected(estate: Estate, one: Candidate, cluster: Cluster, wanted: frozenset[str] | None) -> bool:
    """Return whether a cluster is known to lack the host that a sibling has."""
    if wanted is not None and cluster.name not in wanted:
        return False
    here, there, ingress = cluster.workloads, one.cluster.workloads, one.manifest
    same = here.by_name.get((ingress.namespace, ingress.name))
    ours = {found.host for found in rules(ingress)}
    if same is not None and any(found.host not in ours for found in rules(same)):
        return False  # another host, or none, stands there: other rules speak
    if wanted is None and (local_to(one.host, one.cluster) or not (same or _serves(here, there, ingress))):
        return False
    return not here.foreign(estate.folders) - there.foreign(estate.folders)


def _serves(here: Workloads, there: Workloads, ingress: Manifest) -> bool:
    """Return whether a cluster has the application: a Service behind the Ingress, or the sync that brings nothing else."""
    names = {path.service for found in rules(ingress) for path in found.paths or ()}
    if any((ingress.namespace, name) in here.services for name in names if name):
        return True
    sync, namespace = ingress.applied_by, ingress.namespace
    return bool(sync) and all(part.is_synced_alone(sync, namespace) for part in (here, there))
