"""An object that all sibling clusters have is missing in one.

What it finds:
    In a repository with an estate file: a sync, an account, a role or a binding that all clusters of one kind have but this
    one, although it has the folder that the sync is for, or other objects of the same namespace. Secrets, releases, sources
    and Ingresses that are missing are told by the rules that know what needs them.

Why it matters:
    A folder that no sync applies is dead text. Without the account and its rights, AMKO of the other sites cannot look into
    this cluster: it has no members of GSLB.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md; AMKO README.md@2.1.1, RBAC of the members.

Bad:
    # site01/sync.yaml
    metadata: {name: app-shop}        # applies site01/apps/shop
    # site02/sync.yaml has no such object, site02/apps/shop is there

Good:
    # site02/sync.yaml
    metadata: {name: app-shop}        # applies site02/apps/shop

Fix:
    Add the object, or remove what is left of it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator

from validator.clusters.siblings import Copy, Role, meant, roles
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule

RIGHTS = frozenset("ServiceAccount ClusterRole ClusterRoleBinding Role RoleBinding".split())
SYNCS = frozenset({"Kustomization", "Application"})


@rule("GIT125", Severity.WARNING, sources=("GIT", "AMKO README.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for role in roles(estate) if estate.declared is not None else ():
        groups = role.groups
        having = {key: {id(copy.cluster) for copy in copies} for key, copies in groups.items()}
        common = [key for key, found in having.items() if len(found) == len(role.clusters) - 1]
        for cluster in role.clusters if common else ():
            mine = {key for key, found in having.items() if id(cluster) in found}
            if not any(key[0] in SYNCS for key in mine) or (not cluster.ako and not cluster.runs_clusters):
                continue  # all that syncs it is elsewhere, or its AKO: that is another fault, and told
            lacking: defaultdict[str, list[Copy]] = defaultdict(list)
            for key in common:
                if key in mine:
                    continue
                copies = groups[key]
                if not any(meant(one, key) or (one[0], one[2]) == (key[0], key[2]) for one in mine) and _wanted(
                    estate, cluster, copies[0], role
                ):
                    lacking[copies[0].manifest.document.path].append(copies[0])
            for missing in lacking.values():
                yield _problem(estate, cluster, missing)


def _wanted(estate: Estate, cluster: Cluster, copy: Copy, role: Role) -> bool:
    """Return whether a cluster has something that the object is for."""
    item = copy.manifest
    if item.kind in SYNCS:
        paths = _paths(estate, item)
        if paths:
            return all(_own(path, copy, cluster) in estate.folders.folders for path in paths)
        return bool(item.namespace) and _others(cluster, item.namespace)
    if item.kind not in RIGHTS or not cluster.complete:
        return False
    folder = estate.folders.folders.get(_own(posixpath.dirname(item.document.path), copy, cluster))
    return folder is not None and (bool(item.namespace) is False or _others(cluster, item.namespace))


def _paths(estate: Estate, item: Manifest) -> list[str]:
    if item.kind == "Application":
        return argocd.local_paths(item, estate.folders)
    path = flux.local_path(item, estate.folders)
    return [path] if path else []


def _others(cluster: Cluster, namespace: str) -> bool:
    return any(item.namespace == namespace for item in cluster.manifests)


def _own(path: str, copy: Copy, cluster: Cluster) -> str:
    """Return a path of one cluster as it is for another one."""
    if copy.cluster is None:
        return path
    return posixpath.normpath(posixpath.join(cluster.root, posixpath.relpath(path, copy.cluster.root or ".")))


def _problem(estate: Estate, cluster: Cluster, missing: list[Copy]) -> Problem:
    first = missing[0]
    item = first.manifest
    more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    return Problem(
        _place(estate, cluster, first),
        f"cluster `{cluster.name}` has no {item.kind} `{item.name}`, which `{first.owner}` has{more}",
        related=((item.at("metadata", "name"), f"{item.kind} `{item.name}` of `{first.owner}`"),),
        cluster=cluster.name,
        site=cluster.site,
        absence=cluster.root,
    )


def _place(estate: Estate, cluster: Cluster, copy: Copy) -> Ref:
    """Return where the object would stand: its file, the kustomization of its folder, or else where others have it."""
    path = _own(copy.manifest.document.path, copy, cluster)
    if documents := estate.folders.documents(path):
        return Ref(documents[0])
    folder = estate.folders.folders.get(posixpath.dirname(path))
    if folder is not None and folder.kustomization is not None:
        return Ref(folder.kustomization, ("resources",), key=True)
    return copy.manifest.at("metadata", "name")
