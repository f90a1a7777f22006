"""What a change does: the clusters, releases and objects of the base revision beside those of today.

Folders and files may be renamed: a cluster is known by what it calls itself before it is known by its place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from validator.facts import version
from validator.read import argocd, flux
from validator.read.documents import Document, Ref
from validator.read.kustomize import FILE_NAMES
from validator.read.manifest import Manifest

if TYPE_CHECKING:
    from validator.model import Cluster, Estate, Release
    from validator.tkg.topologies import Topology

T = TypeVar("T")
Identity = tuple[str, str, str, str]
CAPI = "cluster.x-k8s.io"
_PRUNE = f"{flux.KUSTOMIZE}/prune"
_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """One thing before and after the change."""

    old: T
    new: T


class Past:
    """The base revision, seen from today."""

    def __init__(self, then: Estate, now: Estate) -> None:
        self.then = then
        self.now = now
        self.clusters = match(then.clusters, now.clusters, _CLUSTER_KEYS)

    @cached_property
    def _old(self) -> dict[int, Cluster]:
        return {id(pair.new): pair.old for pair in self.clusters}

    def of(self, cluster: Cluster) -> Cluster | None:
        """Return a cluster of today as it was, None for a new one."""
        return self._old.get(id(cluster))

    @cached_property
    def gone(self) -> list[Cluster]:
        """Return the clusters that are in the repository no more; what cannot be read today is not gone."""
        left = {id(pair.old) for pair in self.clusters}
        return [] if self.blind else [cluster for cluster in self.then.clusters if id(cluster) not in left]

    def releases(self, chart: str) -> Iterator[Pair[Release]]:
        """Yield the releases of a chart that were there before, in clusters that were there before."""
        for pair in self.clusters:
            yield from match(_releases(pair.old, chart), _releases(pair.new, chart), _RELEASE_KEYS)

    def raised(self, chart: str) -> dict[int, str]:
        """Return the releases of a chart that the change gives a newer version, by identity: the version they had."""
        return {
            id(pair.new): pair.old.version
            for pair in self.releases(chart)
            if pair.old.version and pair.new.version and (version.compare(pair.old.version, pair.new.version) or 0) < 0
        }

    def lost_releases(self, chart: str) -> Iterator[tuple[Release, Cluster | None]]:
        """Yield the releases of a chart that are there no more, with their cluster where that is still there."""
        for pair in self.clusters:
            old = _releases(pair.old, chart)
            left = {id(found.old) for found in match(old, _releases(pair.new, chart), _RELEASE_KEYS)}
            if not self.blind and not pair.new.uncertain:
                yield from ((one, pair.new) for one in old if id(one) not in left)
        for cluster in self.gone:
            yield from ((one, None) for one in _releases(cluster, chart))

    def objects(self, kind: str, group: str) -> Iterator[Pair[Manifest]]:
        """Yield the objects of a kind that were there before under the same namespace and name."""
        for pair in self.clusters:
            known = {identity(item): item for item in pair.new.of(kind, group)}
            for item in pair.old.of(kind, group):
                if found := known.get(identity(item)):
                    yield Pair(item, found)

    def lost_objects(self, kind: str, group: str) -> Iterator[tuple[Manifest, Pair[Cluster]]]:
        """Yield the objects of a kind that are there no more, with their cluster, which still is."""
        for pair in self.clusters:
            if self.blind or pair.new.uncertain:
                continue
            known = {identity(item) for item in pair.new.of(kind, group)}
            for item in pair.old.of(kind, group):
                if identity(item) not in known:
                    yield item, pair

    @cached_property
    def topologies(self) -> list[Pair[Topology]]:
        """Return the clusters made from a ClusterClass that were there before, under whatever name."""
        owner: dict[int, int] = {}
        for pair in self.clusters:
            owner[id(pair.old)] = owner[id(pair.new)] = id(pair.new)

        def key(one: Topology) -> Iterator[Hashable]:
            yield owner.get(id(one.manager)), one.namespace, one.name

        endpoint = "apiServerEndpoint"
        return match(
            self.then.topologies,
            self.now.topologies,
            (
                key,
                lambda one: [(one.namespace, one.name)],
                lambda one: [one.name],
                lambda one: [text] if isinstance(text := one.value(endpoint), str) and text else [],
            ),
        )

    @property
    def lost_topologies(self) -> list[Topology]:
        """Return the clusters made from a ClusterClass that are there no more, while their manager still is."""
        kept = {id(pair.old) for pair in self.topologies}
        gone = {id(cluster) for cluster in self.gone}
        left = (one for one in self.then.topologies if id(one) not in kept and id(one.manager) not in gone)
        return [] if self.blind else list(left)

    @cached_property
    def blind(self) -> bool:
        """Return whether something that was read before cannot be read today, so that nothing can be called gone."""
        if not self.now.documents:
            return bool(self.now.unreadable)
        known = {document.path for document in self.then.documents}
        known.update(folder for path in list(known) for folder in _folders(path))
        return any(item.path in known for item in self.now.unreadable)

    def place(self, path: str) -> Ref:
        """Return what is left near a file that is gone: itself, a kustomization or sync above it, the estate file."""
        if posixpath.basename(path) not in FILE_NAMES and (found := self._files.get(path)):
            return Ref(found)
        above = [folder for folder in _folders(path) if folder != "."]
        for folder in above:
            for name in FILE_NAMES:
                if found := self._files.get(posixpath.join(folder, name)):
                    return Ref(found, ("resources",), key=True)
            if sync := self._syncs.get(folder):
                return sync
        if self.now.declared is not None:
            return self.now.declared.at("sites", key=True)
        beside = (one for folder in above for name, one in self._files.items() if name.startswith(f"{folder}/"))
        return Ref(next(beside, self.now.documents[0]))

    @cached_property
    def _files(self) -> dict[str, Document]:
        found: dict[str, Document] = {}
        for document in self.now.documents:
            found.setdefault(document.path, document)
        return found

    @cached_property
    def _syncs(self) -> dict[str, Ref]:
        found: dict[str, Ref] = {}
        for cluster in self.now.clusters:
            for item in cluster.manifests:
                path = item.spec.get("path") if flux.is_kustomization(item) else None
                if isinstance(path, str):
                    found.setdefault(posixpath.normpath(path.strip("/")), item.at("spec", "path"))
                for pointer, source in argocd.sources(item) if argocd.is_application(item) else ():
                    if isinstance(source.get("path"), str):
                        found.setdefault(posixpath.normpath(source["path"].strip("/")), item.at(*pointer, "path"))
        return found


def match(old: Iterable[T], new: Iterable[T], keys: Iterable[Callable[[T], Iterable[Hashable]]]) -> list[Pair[T]]:
    """Pair what is the same thing by the first key that tells; a key that several things share tells nothing."""
    before, after = list(old), list(new)
    found: dict[int, T] = {}
    taken: set[int] = set()
    for key in keys:
        known = _unique((item for item in before if id(item) not in taken), key)
        for name, item in _unique((item for item in after if id(item) not in found), key).items():
            partner = known.get(name)
            if partner is not None and id(partner) not in taken and id(item) not in found:
                found[id(item)] = partner
                taken.add(id(partner))
    return [Pair(found[id(item)], item) for item in after if id(item) in found]


def _unique(items: Iterable[T], key: Callable[[T], Iterable[Hashable]]) -> dict[Hashable, T]:
    found: dict[Hashable, T] = {}
    shared: set[Hashable] = set()
    for item in items:
        for name in set(key(item)):
            if name in found:
                shared.add(name)
            found[name] = item
    return {name: item for name, item in found.items() if name not in shared}


def _contexts(cluster: Cluster) -> Iterator[Hashable]:
    if cluster.context is not None:
        yield cluster.context


def _holds(cluster: Cluster) -> Iterator[Hashable]:
    yield from ((item.namespace, item.name) for item in cluster.of("Cluster", CAPI))


def _ako_names(cluster: Cluster) -> Iterator[Hashable]:
    for release in cluster.ako:
        name = release.text("AKOSettings", "clusterName")
        if name:
            yield name, release.text("ControllerSettings", "controllerHost")


def _releases(cluster: Cluster, chart: str) -> list[Release]:
    return cluster.ako if chart == "ako" else cluster.amko


_CLUSTER_KEYS: tuple[Callable[[Cluster], Iterable[Hashable]], ...] = (
    _contexts,
    _holds,
    _ako_names,
    lambda cluster: [(cluster.root, cluster.name)],
    lambda cluster: [(cluster.site, cluster.name)],
    lambda cluster: [cluster.root],
)
_RELEASE_KEYS: tuple[Callable[[Release], Iterable[Hashable]], ...] = (
    lambda release: [(release.namespace, release.name)],
    lambda release: [release.namespace],
    lambda release: [release.chart],
)


def identity(item: Manifest) -> Identity:
    """Return what makes an object the same one to Kubernetes within a cluster."""
    return (item.group, item.kind, item.namespace, item.name)


def survives(item: Manifest, cluster: Cluster) -> bool:
    """Return whether an object is known to stay in its cluster when it leaves the repository.

    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md (prune); Argo CD sync options (Prune=false).
    """
    marks = {**item.labels, **item.annotations}
    options = str(marks.get(_SYNC_OPTIONS, "")).replace(" ", "").split(",")
    if marks.get(_PRUNE) == "disabled" or "Prune=false" in options:
        return True
    sync = _sync_of(item, cluster)
    if sync is None:
        return False
    if flux.is_kustomization(sync):
        return sync.spec.get("prune") is False or sync.spec.get("deletionPolicy") == "Orphan"
    policy = sync.get("spec", "syncPolicy", "automated")
    return not (isinstance(policy, dict) and policy.get("prune") is True)


def _sync_of(item: Manifest, cluster: Cluster) -> Manifest | None:
    syncs = [m for m in cluster.manifests if flux.is_kustomization(m) or argocd.is_application(m)]
    if item.applied_by:
        return next((sync for sync in syncs if sync.name == item.applied_by), None)
    root = posixpath.normpath(cluster.root or ".")
    own = (sync for sync in syncs if flux.is_kustomization(sync) and _folder(sync.spec.get("path")) == root)
    return next(own, None)


def _folders(path: str) -> Iterator[str]:
    path = path.strip("/")
    while path:
        path = posixpath.dirname(path)
        yield path or "."


def _folder(path: Any) -> str:
    return posixpath.normpath(path.strip("/") or ".") if isinstance(path, str) else "."
