"""From documents to the Estate: find the sync roots, follow them, and sort what they apply into clusters."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from validator.estate_file import ESTATE_FILE
from validator.model import Cluster, Declared, Estate, Federation, Release
from validator.read import argocd, deployed, flux, rendered
from validator.read.documents import Document, Unreadable
from validator.read.files import SourceFile
from validator.read.kept import is_kept
from validator.read.kustomize import Tree, manifests
from validator.read.manifest import Manifest
from validator.read.reading import Contents, Reading, contents_of
from validator.read.unknown import Unknown

ANCHORS = frozenset({"HelmRelease", "Application", "AMKOCluster", "GSLBConfig", "List"})
"""Kinds that can tell that AKO or AMKO is meant to run, and what may hold them."""
SYNC_KINDS = frozenset({"Kustomization", "Application", "HelmRelease"})
"""Kinds that may be for another cluster than the one that they are applied to."""
WITH_TEMPLATES = frozenset("ConfigMap Secret SealedSecret ExternalSecret ClusterExternalSecret ApplicationSet".split())
"""Kinds in which `{{ }}` is for the one who reads them in the cluster."""


def read_estate(root: Path, exclude: tuple[str, ...] = (), early: Callable[[Estate], object] | None = None) -> Estate:
    """Read a repository into the model; unreadable files are part of the result, never an exception.

    `exclude` are shell patterns of paths.
    """
    return assemble(Reading(root, exclude).contents(), str(root), early)


def read_files(files: Iterable[SourceFile], root: str, exclude: tuple[str, ...] = ()) -> Estate:
    """Read the files of a repository into the model, wherever they come from."""
    return assemble(contents_of(files, exclude), root)


def assemble(contents: Contents, root: str, early: Callable[[Estate], object] | None = None) -> Estate:
    """Build the model from what stands in the files.

    `early` is called with what is known of the estate before its clusters are (`Estate.written`).
    """
    documents, texts = contents.documents, contents.texts
    folders = Tree(documents)
    declared = _declared(folders)
    if early is not None:
        early(Estate.written(root, documents, declared, folders, texts))
    clusters = list(_clusters(folders, documents))
    _part(clusters)
    broken = list(_unreadable(contents.unreadable, folders, clusters))
    estate = Estate(root, documents, broken, clusters, declared=declared, folders=folders, texts=texts)
    estate.templates = len(contents.unreadable) - len(broken)
    _name(estate)
    _link(estate)
    deployed.attach(estate)
    estate.federations = federations([release for cluster in clusters for release in cluster.amko])
    return estate


def _unreadable(found: Iterable[Unreadable], folders: Tree, clusters: list[Cluster]) -> Iterator[Unreadable]:
    """Yield what cannot be read; a template is no manifest, unless it stands where manifests are taken from."""
    for item in found:
        if item.cause != "template":
            yield item
        elif _is_applied(item.path, folders, clusters):
            yield replace(item, cause="yaml")


def _is_applied(path: str, folders: Tree, clusters: list[Cluster]) -> bool:
    """Return whether a kustomization lists a file, or a folder above it is applied as it is."""
    if path in folders.listed:
        return True
    roots = {cluster.root for cluster in clusters}
    roots.update(posixpath.dirname(item.document.path) for cluster in clusters for item in cluster.manifests)
    here = posixpath.dirname(path)
    while here and (here not in folders.folders or folders.folders[here].kustomization is None):
        if here in roots:
            return True
        here = posixpath.dirname(here)
    return False


def _declared(folders: Tree) -> Declared | None:
    documents = folders.documents(ESTATE_FILE)
    if not documents or not isinstance(documents[0].value, dict) or "sites" not in documents[0].value:
        return None
    return Declared(documents[0], documents[0].value)


class _Syncs:
    """The Flux Kustomizations and Argo CD Applications of a repository, and who applies whom."""

    def __init__(self, folders: Tree, documents: list[Document]) -> None:
        self.folders = folders
        self.all = [
            manifest
            for document in documents
            if document.group in {flux.KUSTOMIZE, argocd.GROUP}
            for manifest in manifests([document])
            if flux.is_kustomization(manifest) or argocd.is_application(manifest)
        ]
        self.paths = {id(sync.document): self._paths(sync) for sync in self.all}

    def _paths(self, sync: Manifest) -> list[str]:
        if flux.is_kustomization(sync):
            path = flux.local_path(sync, self.folders)
            return [] if path is None else [path]
        return argocd.local_paths(sync, self.folders)

    def strays(self) -> dict[int, str]:
        """Return the syncs that stand outside of a folder that applies itself, and apply it: it is another cluster's.

        Nothing of what they apply is judged, as it would be told twice and of the wrong cluster.
        """
        selfish = {
            path
            for sync in self.all
            for path in self.paths[id(sync.document)]
            if path and f"{sync.document.path}/".startswith(f"{path}/") and not _is_remote(sync)
        }
        found: dict[int, str] = {}
        above: dict[str, tuple[str, ...]] = {"": ()}

        def roots(folder: str) -> tuple[str, ...]:
            new: list[str] = []
            while folder not in above:
                new.append(folder)
                folder = folder.rpartition("/")[0]
            known = above[folder]
            for name in reversed(new):
                known = above[name] = (name, *known) if name in selfish else known
            return known

        for sync in self.all if len(selfish) > 1 else ():
            for path in self.paths[id(sync.document)] if not _is_remote(sync) else ():
                inside = dict.fromkeys(item.document.path.rpartition("/")[0] for item in self.folders.build(path))
                applied = (root for name in inside for root in roots(name))
                other = next((root for root in applied if not sync.document.path.startswith(f"{root}/")), None)
                if other is not None:
                    found[id(sync.document)] = other
        return found

    def roots(self) -> list[tuple[str, list[Manifest] | None]]:
        """Return sync roots: a folder that applies itself, or a folder with the syncs that nothing else applies."""
        wanted = {id(sync.document) for sync in self.all}
        owned: set[int] = set()
        selfish: list[str] = []
        for sync in self.all:
            for path in self.paths[id(sync.document)] if id(sync.document) not in self.folders.strays else ():
                inside = {id(item.document) for item in self.folders.build(path)} & wanted
                if id(sync.document) in inside:
                    selfish.append(path)
                owned |= inside - {id(sync.document)}
        for path in selfish:
            owned |= {id(item.document) for item in self.folders.build(path)}
        loose: dict[str, list[Manifest]] = defaultdict(list)
        for sync in self.all:
            if id(sync.document) not in owned:
                loose[posixpath.dirname(sync.document.path)].append(sync)
        found: list[tuple[str, list[Manifest] | None]] = [(path, None) for path in dict.fromkeys(selfish)]
        found.extend((path, syncs) for path, syncs in loose.items())
        return sorted(found, key=lambda item: item[0])


def _is_remote(sync: Manifest) -> bool:
    return (argocd.target(sync) if argocd.is_application(sync) else flux.target(sync)) is not None


def _clusters(folders: Tree, documents: list[Document]) -> list[Cluster]:
    syncs = _Syncs(folders, documents)
    folders.strays = syncs.strays()
    found: list[Cluster] = []
    reached: set[int] = set()
    for path, loose in syncs.roots():
        if loose is None:
            built = folders.build(path)
            start = [item for item in built if path in syncs.paths.get(id(item.document), ())]
            found.extend(_make(path, _follow(start, folders, built), reached, complete=True))
            continue
        groups = _follow(_direct(path, loose, folders), folders)
        if len(loose) > 1 and (_clash(loose) or any(_crowded(items, folders) for items in groups.values())):
            found.extend(_apart(path, loose, folders, reached))
        else:
            found.extend(_make(path, groups, reached))
    whole = tuple(f"{cluster.root}/" for cluster in found if cluster.complete and cluster.root)
    left = [one for one in documents if one.kind in ANCHORS and id(one) not in reached and not is_kept(one.path)]
    if more := _leftover(folders, [one for one in left if not one.path.startswith(whole)], reached):
        known = {name for cluster in found for name in _identities(cluster.manifests, folders)}
        found.extend(one for one in more if known.isdisjoint(_identities(one.manifests, folders)))
    return found


def _part(clusters: list[Cluster]) -> None:
    """Give each cluster manifests of its own: what several apply, each gets for itself."""
    seen: set[int] = set()
    for cluster in clusters:
        for index, item in enumerate(cluster.manifests):
            if id(item) in seen:
                cluster.manifests[index] = item.copy()
            else:
                seen.add(id(item))


def _identities(items: list[Manifest], folders: Tree) -> set[tuple[str, str]]:
    """Return what a cluster calls itself: a copy of a cluster that is synced already is not another one."""
    names = {"amko": ("federation", "currentCluster"), "ako": ("AKOSettings", "clusterName")}
    releases = (*flux.releases(items, folders), *argocd.releases(items, folders), *rendered.releases(items))
    return {(release.chart, text) for release in releases if (text := release.text(*names[release.chart]))}


def _direct(path: str, loose: list[Manifest], folders: Tree) -> list[Manifest]:
    folder = folders.folders[path]
    if folder.kustomization is not None:
        built = folders.build(path)
        inside = {id(item.document) for item in built}
        return [*built, *(sync for sync in loose if id(sync.document) not in inside)]
    return [item for name in sorted(folder.files) for item in manifests(folder.files[name])]


def _clash(syncs: list[Manifest]) -> bool:
    """Return whether syncs of one folder have the same name, so that they cannot be for the same cluster."""
    names = [(sync.kind, sync.namespace, sync.name) for sync in syncs]
    return len(set(names)) < len(names)


def _apart(path: str, loose: list[Manifest], folders: Tree, reached: set[int]) -> list[Cluster]:
    """Take the syncs of one folder for those of several clusters: file by file, or each by itself."""
    files: dict[str, list[Manifest]] = defaultdict(list)
    for sync in loose:
        files[sync.document.path].append(sync)
    parts = list(files.values())
    if len(parts) == 1 or any(_clash(part) or _is_crowded(part, folders) for part in parts):
        parts = [[sync] for sync in loose]
    found = []
    for part in parts:
        root = _root_of(part, folders) or f"{path}/{posixpath.basename(part[0].document.path).partition('.')[0]}"
        found.extend(_make(root, _follow(part, folders), reached))
    return found


def _is_crowded(syncs: list[Manifest], folders: Tree) -> bool:
    return any(_crowded(items, folders) for items in _follow(syncs, folders).values())


def _root_of(syncs: list[Manifest], folders: Tree) -> str | None:
    """Return the folder that syncs apply, or that all of theirs are in; None for the root of the repository."""
    paths = [
        path
        for sync in syncs
        for path in (
            argocd.local_paths(sync, folders) if argocd.is_application(sync) else [flux.local_path(sync, folders) or ""]
        )
    ]
    return posixpath.commonpath(paths) or None if paths else None


def _crowded(items: list[Manifest], folders: Tree) -> bool:
    """Return whether one group holds AMKO for more than one cluster context."""
    found = (*flux.releases(items, folders), *argocd.releases(items, folders))
    return len({str(release.get("federation", "currentCluster")) for release in found if release.chart == "amko"}) > 1


def _follow(start: list[Manifest], folders: Tree, more: Iterable[Manifest] = ()) -> dict[str | None, list[Manifest]]:
    """Return everything applied from `start` on, by the cluster that it is for (None: the one that syncs).

    `more` is what the folder holds that `start` applies, itself included: a sync may change what it applies, so that
    comes first, and by the root of the cluster as everything there.
    """
    groups: dict[str | None, list[Manifest]] = defaultdict(list)
    seen: set[tuple[int, str | None]] = set()
    pending: list[tuple[list[Manifest], str | None]] = [(start, None)]
    left = [item for item in more if not any(item is one for one in start)]
    while pending or left:
        if not pending:
            pending, left = [(left, None)], []
        items, target = pending.pop(0)
        for item in items:
            if item.kind not in SYNC_KINDS:
                groups[target].append(item)
                continue
            where = target
            below: list[Manifest] | None = None
            if flux.is_kustomization(item):
                where = flux.target(item) or target
                groups[target].append(item)
                if (id(item.document), where) not in seen and id(item.document) not in folders.strays:
                    seen.add((id(item.document), where))
                    below = flux.applied(item, folders, [*groups[target], *items] if "postBuild" in item.spec else [])
            elif argocd.is_application(item):
                where = argocd.target(item) or target
                where = folders.servers.get(where or "", where)
                groups[where].append(item)
                if (id(item.document), where) not in seen and id(item.document) not in folders.strays:
                    seen.add((id(item.document), where))
                    below = argocd.applied(item, folders)
            elif item.kind == "HelmRelease":
                groups[flux.target(item) or target].append(item)
            else:
                groups[target].append(item)
            if below and more and any(item is one for one in start):
                below, left = [one.applied("", one.uncertain) for one in below], []
            if below:
                pending.append((below, where))
    return {target: _unique(items) for target, items in _same(groups, folders).items()}


def _same(groups: dict[str | None, list[Manifest]], folders: Tree) -> dict[str | None, list[Manifest]]:
    """Put what Argo CD sends to the address of a cluster to what it sends to its name, where they call it the same."""
    addresses = [target for target in groups if target and "://" in target]
    names = [target for target in groups if target and "://" not in target]
    for address in addresses if names else ():
        called = {text.partition("-admin@")[0] for _, text in _identities(groups[address], folders)}
        for name in names:
            if called & {name, *(text for _, text in _identities(groups[name], folders))}:
                groups[name].extend(groups.pop(address))
                break
    return groups


def _unique(items: list[Manifest]) -> list[Manifest]:
    """Drop the second copy of an object that two ways lead to; a HelmRelease that is not the same twice is no copy.

    One way may give a namespace to an object that has none: that is one object still.
    """
    found: dict[tuple[int, str, str, str], Manifest] = {}
    given = {(id(item.document), item.kind, item.name): item.namespace for item in items if item.namespace}
    more: list[Manifest] = []
    for item in items:
        where = item.namespace or given.get((id(item.document), item.kind, item.name), "")
        known = found.setdefault((id(item.document), item.kind, where, item.name), item)
        if known is not item and item.kind == "HelmRelease" and known.value != item.value:
            more.append(item)
    return [*found.values(), *more]


def _make(
    path: str, groups: dict[str | None, list[Manifest]], reached: set[int], *, complete: bool = False
) -> list[Cluster]:
    found = []
    hub: list[Manifest] = []
    for target, items in sorted(groups.items(), key=lambda group: group[0] or ""):
        for item in items:
            reached.add(id(item.document))
            if item.overlays:
                reached.update(id(overlay.document) for overlay in item.overlays)
        if target is None and len(groups) > 1 and not _carries(items):
            hub = items
            continue
        engine = "argocd" if any(argocd.is_application(item) for item in items) else "flux"
        name = target or posixpath.basename(path) or "cluster"
        found.append(Cluster(name, "", path, engine, items))
    for cluster in found:
        cluster.hub, cluster.complete = hub, complete
    return found


def _carries(items: list[Manifest]) -> bool:
    syncs = {"Kustomization", "Application", "GitRepository", "HelmRepository", "OCIRepository", "AppProject"}
    return any(item.kind not in syncs for item in items)


def _leftover(folders: Tree, documents: list[Document], reached: set[int]) -> list[Cluster]:
    """Group those of `documents`, which no sync applies, by folder, one AMKO (or else one AKO) to a cluster.

    What lies in the folder of a cluster that syncs itself, and is applied by nothing there, is nobody's.
    """
    unreached = {id(document): chart for document in documents if (chart := _anchor(document))}
    if not unreached:
        return []
    anchors: dict[str, set[str]] = defaultdict(set)
    inside: set[int] = set()
    for path, folder in folders.folders.items():
        if folder.kustomization is not None and path not in folders.bases:
            built = {id(item.document) for item in folders.build(path)} & unreached.keys()
            anchors[path].update(unreached[one] for one in built)
            inside |= built
    for document in documents:
        if id(document) in unreached and id(document) not in inside:
            anchors[posixpath.dirname(document.path)].add(unreached[id(document)])
    count: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for path, charts in anchors.items():
        for chart in charts:
            here = path
            while True:
                count[here][chart] += 1
                if not here:
                    break
                here = posixpath.dirname(here)
    tops = sorted({_top(path, count) for path, charts in anchors.items() if charts})
    found = []
    for top in tops:
        items = [item for item in _below(top, folders) if id(item.document) not in reached]
        items = [item for item in items if not item.document.templated and not is_kept(item.document.path)]
        groups = _follow([_unapplied(item) for item in items], folders)
        found.extend(_make(top, groups, set()))
    return found


def _unapplied(item: Manifest) -> Manifest:
    """Return an object of which nothing here says who applies it: what is put in on the way is not known."""
    item = flux.substituted(item, {}, more=True)
    if b"{{" not in item.document.data or item.kind in WITH_TEMPLATES:
        return item

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return Unknown(value) if "{{" in value else value
        if isinstance(value, dict):
            return {key: walk(found) for key, found in value.items()}
        return [walk(found) for found in value] if isinstance(value, list) else value

    value = walk(item.value)
    return replace(item, value=value, uncertain=item.uncertain or "a template") if value != item.value else item


def _anchor(document: Document) -> str | None:
    if document.templated:
        return None
    for manifest in manifests([document]):
        if manifest.kind in {"HelmRelease", "Application"}:
            text = str(manifest.spec)
            for chart in ("amko", "ako"):
                if f"'{chart}'" in text or f"/{chart}'" in text:
                    return chart
        if manifest.group == "amko.vmware.com" and manifest.kind in {"AMKOCluster", "GSLBConfig"}:
            return "amko"
    return None


def _top(folder: str, count: dict[str, dict[str, int]]) -> str:
    while folder:
        parent = posixpath.dirname(folder)
        if any(number > 1 for number in count[parent].values()):
            return folder
        folder = parent
    return folder


def _below(top: str, folders: Tree) -> list[Manifest]:
    """Return what stands in a folder and below it; what an overlay there builds on is told by the overlay alone."""
    found: list[Manifest] = []
    pending = [top]
    while pending:
        path = pending.pop(0)
        folder = folders.folders.get(path)
        if folder is None:
            continue
        if folder.kustomization is not None and (path == top or path not in folders.bases):
            found.extend(folders.build(path))
            built = {id(item.document) for item in found}
            for below in sorted(folder.folders):
                found.extend(item for item in _below(below, folders) if id(item.document) not in built)
            continue
        if folder.kustomization is None:
            for name in sorted(folder.files):
                found.extend(manifests(folder.files[name]))
        pending.extend(sorted(folder.folders))
    return found


def _name(estate: Estate) -> None:
    """Give each cluster its releases, its name and its site."""
    declared = {
        cluster["name"]: (site["name"], cluster)
        for site in (estate.declared.resolved.get("sites", []) if estate.declared else [])
        for cluster in site.get("clusters", [])
        if isinstance(cluster.get("name"), str)
    }
    by_context: dict[Any, str] = {}
    for name, (_, data) in declared.items():
        if isinstance(data.get("context"), str):
            by_context.setdefault(data["context"], name)
    _join(estate.clusters, declared.keys())
    for cluster in estate.clusters:
        found = [*flux.releases(cluster.manifests, estate.folders), *argocd.releases(cluster.manifests, estate.folders)]
        if not any(release.chart == "amko" for release in found):
            found.extend(rendered.releases(cluster.manifests))
        for release in found:
            release.cluster = cluster
            (cluster.ako if release.chart == "ako" else cluster.amko).append(release)
        match = _declared_name(cluster, declared, by_context)
        if match is not None:
            cluster.name, (cluster.site, cluster.declared) = match, declared[match]
        else:
            cluster.site = _site(cluster, estate)


def _join(clusters: list[Cluster], names: Collection[str]) -> None:
    """Take roots in the folder of one declared cluster for one: so it looks when what syncs the folder is broken."""
    by_name: dict[str, Cluster] = {}
    for cluster in list(clusters):
        name = next((part for part in reversed(cluster.root.split("/")) if part in names), None)
        first = by_name.setdefault(name, cluster) if name is not None else cluster
        alike = first.root != cluster.root and not (first.hub or cluster.hub or (first.complete and cluster.complete))
        if first is not cluster and alike:
            known = {id(manifest.document) for manifest in first.manifests}
            first.manifests.extend(item for item in cluster.manifests if id(item.document) not in known)
            first.complete = first.complete or cluster.complete
            clusters.remove(cluster)


def _declared_name(cluster: Cluster, declared: dict[str, Any], by_context: dict[str, str]) -> str | None:
    for name in reversed(cluster.root.split("/")):
        if name in declared:
            return name
    for release in (*cluster.amko, *cluster.ako):
        for name in reversed(release.manifest.document.path.split("/")[:-1]):
            if name in declared:
                return name
    return by_context.get(cluster.context) if cluster.context is not None else None


def _site(cluster: Cluster, estate: Estate) -> str:
    parts = cluster.root.split("/")
    if "sites" in parts and parts.index("sites") + 1 < len(parts):
        return parts[parts.index("sites") + 1]
    return cluster.name


def _link(estate: Estate) -> None:
    """Find the ClusterClass `Cluster` object of every cluster."""
    objects: dict[str, Manifest] = {}
    for cluster in estate.clusters:
        for manifest in cluster.of("Cluster", "cluster.x-k8s.io"):
            objects.setdefault(manifest.name, manifest)
    for cluster in estate.clusters:
        names = [cluster.name]
        if cluster.context and cluster.context.startswith(tuple(objects) or ("\0",)):
            names.append(cluster.context.removesuffix("-admin").partition("-admin@")[0])
        names.extend(text for release in cluster.ako if (text := release.text("AKOSettings", "clusterName")))
        cluster.tkg = next((objects[name] for name in names if name in objects), None)


def federations(releases: list[Release]) -> list[Federation]:
    """Group AMKO releases: those that share a context, and those that are alone but share a controller."""
    groups: list[tuple[set[str], list[Release]]] = []
    for release in releases:
        contexts = _contexts(release)
        together = [group for group in groups if group[0] & contexts]
        merged: tuple[set[str], list[Release]] = (set(contexts), [])
        for group in together:
            groups.remove(group)
            merged[0].update(group[0])
            merged[1].extend(group[1])
        merged[1].append(release)
        groups.append(merged)
    led = [group for group in groups if _leads(group[1])]
    stray = [group for group in groups if not _leads(group[1])]
    if len(led) == 1 or (not led and len(stray) > 1):
        whole = [release for group in groups for release in group[1]]
        groups = [(set(), whole)]
    order = {id(release): index for index, release in enumerate(releases)}
    return [Federation(sorted(group[1], key=lambda r: order[id(r)])) for group in groups]


def _leads(releases: list[Release]) -> bool:
    return any(release.get("federation", "currentClusterIsLeader") is True for release in releases)


def _contexts(release: Release) -> set[str]:
    from validator.model import mentions

    return {mention.context for mention in mentions(release) if isinstance(mention.context, str)}
