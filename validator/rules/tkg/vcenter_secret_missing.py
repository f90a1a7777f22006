"""A Cluster has no vCenter Secret, or one without user name and password.

What it finds:
    A vSphere ClusterClass `Cluster` whose Secret (its own name, or `identityRef`, in its own namespace) is not
    applied beside it while other clusters have theirs; a Secret of that name without the keys `username` and
    `password`; one in another namespace. Where no cluster has a Secret in the repository, they are made by
    other means, and the rule is silent.

Why it matters:
    TKG's webhook logs in to vCenter with that Secret to find the node template. Without it every create and
    every change of the Cluster is denied (`could not get secret for key`), a server-side dry run as well.
    Source: tanzu-framework v0.28.3 tkr/webhook/cluster/tkr-resolver/cluster, vsphere-template-resolver.

Bad:
    kind: Cluster
    metadata: {name: tkg-a, namespace: default}
    ---
    kind: Secret
    metadata: {name: tkg-b, namespace: default}

Good:
    kind: Secret
    metadata: {name: tkg-a, namespace: default}
    stringData: {username: REPLACE-ME, password: REPLACE-ME}

Fix:
    Give the Secret the Cluster's name and namespace, and the keys `username` and `password`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.secrets.objects import SecretObject, secrets
from validator.tkg.topologies import Topology

KEYS = ("username", "password")


@rule("TKG101", Severity.ERROR, sources=("TKG-01", "tanzu-framework v0.28.3 tkr/webhook/cluster"))
def check(estate: Estate) -> Iterator[Problem]:
    known = {id(cluster): secrets(cluster) for cluster in estate.holders("Cluster") if cluster.runs_clusters}
    topologies = [t for t in estate.topologies if t.is_vsphere and t.manager and not t.manager.uncertain]
    found = [(topology, _wanted(topology), known.get(id(topology.manager), [])) for topology in topologies]
    example = next((secret for _, name, all_ in found for secret in all_ if secret.name == name), None)
    for topology, name, all_ in found:
        if name is None or example is None or (estate.declared and not topology.declared):
            continue
        same = [secret for secret in all_ if secret.name == name]
        here = [secret for secret in same if secret.namespace in {topology.namespace, ""}]
        yield from _judge(estate, topology, name, same, here, example)


def _wanted(topology: Topology) -> str | None:
    """Return the name of the Secret; None where another kind of identity is used."""
    kind = topology.value("identityRef", "kind")
    if kind == "Secret":
        name = topology.value("identityRef", "name")
        return name if isinstance(name, str) else None
    return None if isinstance(kind, str) else topology.name


def _judge(
    estate: Estate,
    topology: Topology,
    name: str,
    same: list[SecretObject],
    here: list[SecretObject],
    example: SecretObject,
) -> Iterator[Problem]:
    if here and all(secret.keys.keys() >= set(KEYS) for secret in here):
        return
    where = ((topology.manifest.at("metadata", "name"), f"Cluster `{topology.name}` is here"),)
    for secret in here:
        missing = [key for key in KEYS if key not in secret.keys]
        if missing and not secret.more and not secret.manifest.uncertain:
            listed = " and ".join(f"`{key}`" for key in missing)
            other = [key for key in secret.keys if key not in KEYS]
            at = secret.key_at(other[0]) if other else secret.name_at()
            text = f"{secret.made_by} `{name}` has no key {listed}; TKG logs in to vCenter with both"
            yield Problem(at, text, where, absence=secret.manifest.document.path)
    if not here and same and topology.manifest.namespace:
        at = same[0].manifest.at("metadata", "namespace")
        text = f"{same[0].made_by} `{name}` lands in `{same[0].namespace}`; TKG reads it in `{topology.namespace}`"
        yield Problem(at, f"{text}, beside the Cluster", where)
    if not same and not estate.unreadable:
        text = f"Cluster `{topology.name}` has no Secret `{name}` in namespace `{topology.namespace}`"
        note = ((example.name_at(), "another cluster has its Secret here"),)
        text += "; TKG cannot log in to vCenter for it"
        folder = topology.manager.root if topology.manager else None
        yield Problem(topology.manifest.at("metadata", "name"), text, note, absence=folder)
