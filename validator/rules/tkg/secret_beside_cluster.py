"""Flux gets a Cluster and its vCenter Secret in one Kustomization, or in two without an order.

What it finds:
    A vSphere `Cluster` and the Secret (SealedSecret, ExternalSecret) with its vCenter credentials applied by
    the same Flux Kustomization; as a warning, by two of which the Cluster's does not depend on the Secret's.

Why it matters:
    Flux tries every object of a Kustomization on the API server before it applies any. TKG's webhook denies the
    Cluster, even tried, while the Secret is not there; so the Secret is never applied: a first installation
    never gets anywhere. Without an order it gets there by retries only.
    Source: fluxcd/pkg ssa/manager_apply.go ApplyAll; tanzu-framework v0.28.3 tkr/webhook/cluster.

Bad:
    kind: Kustomization
    metadata: {name: clusters}
    spec: {path: ./management}   # holds tkg-a.yaml (Cluster) and tkg-a-secret.yaml (Secret)

Good:
    kind: Kustomization
    metadata: {name: clusters}
    spec: {path: ./management/clusters, dependsOn: [{name: credentials}]}

Fix:
    Move the Secrets into a Kustomization of their own and let the Cluster's depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import flux
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.secrets.objects import SecretObject, secrets
from validator.tkg.topologies import Topology


@rule("TKG120", Severity.ERROR, sources=("TKG-20", "fluxcd/pkg ssa/manager_apply.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for manager in estate.holders("Cluster"):
        syncs = {item.name: item for item in manager.of("Kustomization", flux.KUSTOMIZE)}
        own = [topology for topology in estate.topologies_of.get(id(manager), ()) if topology.is_vsphere]
        if not syncs or not own:
            continue
        by_name = {(secret.namespace, secret.name): secret for secret in secrets(manager)}
        for topology in own:
            secret = by_name.get((topology.namespace, topology.name))
            if secret is not None:
                yield from _judge(manager, topology, secret, syncs)


def _judge(manager: Cluster, topology: Topology, secret: SecretObject, syncs: dict[str, Manifest]) -> Iterator[Problem]:
    mine, theirs = topology.manifest.applied_by, secret.manifest.applied_by
    if mine != theirs and (not theirs or theirs in _before(mine, syncs)):
        return
    at = topology.manifest.at("metadata", "name")
    related = ((secret.name_at(), f"{secret.made_by} `{secret.name}` is here"),)
    where = f"Kustomization `{mine}`" if mine else f"the sync root `{manager.root}`"
    if mine == theirs:
        text = f"Cluster `{topology.name}` and its vCenter credentials are both applied by {where}"
        yield Problem(at, f"{text}; Flux never gets to apply either, TKG refuses the Cluster first", related)
    elif _before(mine, syncs) <= syncs.keys():
        text = f"{where} applies Cluster `{topology.name}` without waiting for `{theirs}`, which applies its Secret"
        place = syncs[mine].at("spec", "dependsOn") if mine in syncs else at
        yield Problem(place, text, related, Severity.WARNING)


def _before(name: str, syncs: dict[str, Manifest]) -> set[str]:
    """Return the Kustomizations that one depends on, directly or not."""
    found: set[str] = set()
    pending = [name]
    while pending:
        sync = syncs.get(pending.pop())
        entries = sync.spec.get("dependsOn") if sync else None
        for entry in entries if isinstance(entries, list) else []:
            needed = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(needed, str) and needed not in found:
                found.add(needed)
                pending.append(needed)
    return found
