"""The estate as the repository describes it: sites, clusters, and what runs in each cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from validator.errors import EstateError
from validator.read.documents import Document, Ref, Unreadable
from validator.read.effective import MISSING, Values
from validator.read.kept import is_kept
from validator.read.manifest import Manifest
from validator.read.scalars import resolve

if TYPE_CHECKING:
    from validator.change import Past
    from validator.clusters.workloads import Workloads
    from validator.federation.contexts import Naming
    from validator.federation.selection import Selection
    from validator.read.files import SourceFile
    from validator.read.gslb import GslbConfiguration
    from validator.schema import SchemaProblem
    from validator.schema.clusterclass import ClusterClass
    from validator.tkg.configuration import Configuration
    from validator.tkg.topologies import Topology


@dataclass(slots=True, eq=False)
class Release:
    """A release of the AKO or the AMKO chart in one cluster."""

    chart: str
    manifest: Manifest
    version: str | None
    """Chart version; None where it is a range or is not known."""
    version_at: Ref
    name: str
    namespace: str
    values: Values
    engine: str
    """`flux`, `argocd`, `manifests` for AMKO's objects that stand in the repository without a chart, or `tkg` for AKO that
    TKG installs."""
    patched: Values | None = field(repr=False, default=None)
    """The values as the objects show them after post-renderers; None where none changes them."""
    verdict: Any = field(repr=False, default=None)
    """What the schemas say of the values, once somebody asked (`validator.schema.faults`)."""
    cluster: Cluster = field(repr=False, default=None)  # type: ignore[assignment]  # set once by the reader

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return the place of a chart value."""
        return (self.patched or self.values).at(*pointer, key=key)

    def get(self, *pointer: str | int) -> Any:
        """Return a chart value, MISSING where it is not set."""
        return (self.patched or self.values).get(*pointer)

    def text(self, *pointer: str | int) -> str | None:
        """Return a chart value that is a string, None for anything else."""
        found = self.get(*pointer)
        return found if isinstance(found, str) else None

    @property
    def is_chart(self) -> bool:
        """Return whether Helm or Argo CD installs a chart that the repository names."""
        return self.engine not in {"manifests", "tkg"}

    def title(self, *pointer: str | int) -> str:
        """Return the name of a chart value as the user writes it: a value's path, or kind and field of an object."""
        if self.engine == "tkg":
            from validator.read import deployed

            return deployed.title(self, pointer)
        if self.engine == "manifests":
            from validator.read.rendered import title

            return title(pointer)
        return ".".join(str(step) for step in pointer)


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
class Mention:
    """A cluster context where it is written: in which list of which release."""

    context: Any
    release: Release
    pointer: tuple[str | int, ...]
    title: str
    """Title of the list, such as `configs.memberClusters`; `federation.currentCluster` for a cluster's own name."""

    @property
    def at(self) -> Ref:
        return self.release.at(*self.pointer)


class Cluster:
    """One Kubernetes cluster: everything that the repository applies to it."""

    def __init__(self, name: str, site: str, root: str, engine: str, manifests: list[Manifest]) -> None:
        self.name = name
        self.site = site
        self.root = root
        self.engine = engine
        self.manifests = manifests
        self.ako: list[Release] = []
        self.amko: list[Release] = []
        self.tkg: Manifest | None = None
        """The ClusterClass `Cluster` object of this cluster, wherever it stands."""
        self.declared: dict[str, Any] | None = None
        """This cluster in the resolved estate file."""
        self.hub: list[Manifest] = []
        """What a hub holds to sync this and other clusters, where it is no cluster of the estate itself."""
        self.answers: dict[Any, Any] = {}
        """What was asked of the cluster already (`validator.once`)."""
        self._by_group: dict[tuple[str, str], list[Manifest]] = {}
        self.complete = False
        """Whether the root applies itself, so that everything which syncs the cluster is in the repository."""

    def __repr__(self) -> str:
        return f"Cluster({self.name!r}, site={self.site!r}, root={self.root!r})"

    @cached_property
    def by_kind(self) -> dict[str, list[Manifest]]:
        """Group the objects by kind."""
        found: dict[str, list[Manifest]] = {}
        for manifest in self.manifests:
            found.setdefault(manifest.kind, []).append(manifest)
        return found

    def of(self, kind: str, group: str | None = None) -> list[Manifest]:
        """Return the objects of one kind, of one API group where it is given."""
        found = self.by_kind.get(kind)
        if found is None or group is None:
            return found or []
        known = self._by_group.get((kind, group))
        if known is None:
            known = self._by_group[kind, group] = [manifest for manifest in found if manifest.group == group]
        return known

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Return one object, None where the repository has none."""
        for manifest in self.by_kind.get(kind, ()):
            if manifest.name == name and manifest.namespace == namespace:
                return manifest
        return None

    @property
    def uncertain(self) -> bool:
        """Return whether something is applied that this repository does not show."""
        return any(manifest.uncertain for manifest in self.manifests)

    @cached_property
    def context(self) -> str | None:
        """Return the kubeconfig context that AMKO here calls its own cluster."""
        for release in self.amko:
            if text := release.text("federation", "currentCluster"):
                return text
        return None

    @cached_property
    def workloads(self) -> Workloads:
        """Return the applications of the cluster as AKO and AMKO see them."""
        from validator.clusters.workloads import Workloads

        return Workloads(self)

    @property
    def runs_clusters(self) -> bool:
        """Return whether this is a management cluster."""
        return bool(self.of("Cluster", "cluster.x-k8s.io"))


class Federation:
    """Clusters whose AMKO releases belong together."""

    def __init__(self, releases: list[Release]) -> None:
        self.releases = releases

    @property
    def clusters(self) -> list[Cluster]:
        return [release.cluster for release in self.releases]

    @cached_property
    def leaders(self) -> list[Release]:
        """Return the releases that say they lead."""
        return [release for release in self.releases if says_leader(release) is True]


def says_leader(release: Release) -> bool | None:
    """Return what a release says of leading, None where it says nothing; the chart drops quotes, so text counts too."""
    flag = release.get("federation", "currentClusterIsLeader")
    flag = resolve(flag) if isinstance(flag, str) else flag
    return flag if isinstance(flag, bool) else None


LISTS: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("federation", "memberClusters"), None),
    (("configs", "memberClusters"), "clusterContext"),
    (("globalDeploymentPolicy", "matchClusters"), "cluster"),
    (("globalDeploymentPolicy", "trafficSplit"), "cluster"),
)
"""The lists of AMKO's values that name cluster contexts: pointer, and key of the name within an item."""


def mentions(release: Release) -> Iterator[Mention]:
    """Yield every context that a release names, its own first."""
    pointer = ("federation", "currentCluster")
    current = release.get(*pointer)
    if current is not MISSING:
        yield Mention(current, release, pointer, release.title(*pointer))
    for place, key in LISTS:
        yield from listed(release, place, key)


def listed(release: Release, pointer: tuple[str, ...], key: str | None) -> Iterator[Mention]:
    """Yield the contexts of one list of a release."""
    items = release.get(*pointer)
    if not isinstance(items, list):
        return
    title = release.title(*pointer)
    for index, item in enumerate(items):
        if key is None:
            yield Mention(item, release, (*pointer, index), title)
        elif isinstance(item, dict) and key in item:
            yield Mention(item[key], release, (*pointer, index, key), title)


@dataclass(eq=False)
class Declared:
    """The estate file."""

    document: Document
    data: dict[str, Any]
    """Its content as it is written."""

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """Return its content with every default; empty where it is not sound enough for that."""
        from validator.estate_file.declared import resolve

        try:
            return resolve(self.data)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            return {}

    @cached_property
    def places(self) -> dict[int, tuple[str | int, ...]]:
        """Return the place of each resolved cluster, by its identity."""
        return {
            id(cluster): ("sites", index, "clusters", order)
            for index, site in enumerate(self.resolved.get("sites", []))
            for order, cluster in enumerate(site.get("clusters", []))
        }

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return a place in the estate file."""
        return Ref(self.document, pointer, key)


Judge = Callable[[str, Any], "list[SchemaProblem]"]


@dataclass(eq=False)
class Estate:
    """Everything that rules may look at."""

    root: str
    documents: list[Document]
    unreadable: list[Unreadable]
    clusters: list[Cluster]
    declared: Declared | None = None
    folders: Any = None
    """The documents by folder (`validator.read.kustomize.Tree`)."""
    texts: list[SourceFile] = field(default_factory=list)
    """Files that are no YAML, and that rules look into (`validator.read.texts`)."""
    federations: list[Federation] = field(default_factory=list)
    base: Estate | None = None
    """The same repository at the revision of `--base`; rules on changes are silent without it."""
    judge: Judge | None = None
    """What kubeconform says of a document of a path, where it ran; the built-in engine judges otherwise."""
    classes: dict[str, ClusterClass] = field(default_factory=dict)
    """ClusterClasses that the user gave (`--clusterclass`), and those of the repository, by name."""
    answers: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What was asked of the estate already (`validator.once`)."""
    templates: int = 0
    """Files that are no YAML until a template engine has read them, and that nothing applies."""
    _namings: dict[int, Naming] = field(default_factory=dict, repr=False)
    _objects: dict[str, list[Manifest]] = field(default_factory=dict, repr=False)

    @classmethod
    def written(
        cls, root: str, documents: list[Document], declared: Declared | None, folders: Any, texts: list[SourceFile]
    ) -> Estate:
        """Return an estate as its files have it: who asks for clusters or what comes of them gets an AttributeError."""
        estate = cls(root, documents, [], [], declared, folders, texts)
        del estate.unreadable, estate.clusters, estate.federations, estate.classes
        return estate

    @property
    def dns_files(self) -> list[Document]:
        """Return the zone files and the like below folders named `dns` (`validator.read.delegation`)."""
        return self._delegation[0]

    @property
    def dns_unreadable(self) -> list[Unreadable]:
        """Return those of them that cannot be read."""
        return self._delegation[1]

    @cached_property
    def _delegation(self) -> tuple[list[Document], list[Unreadable]]:
        from validator.read.delegation import is_form, reader

        return reader.read(file for file in self.texts if is_form(file.path))

    @cached_property
    def _documents_of(self) -> dict[str, list[tuple[int, Document]]]:
        """Group the documents by kind, each with its place among all."""
        found: dict[str, list[tuple[int, Document]]] = {}
        for index, document in enumerate(self.documents):
            found.setdefault(document.kind, []).append((index, document))
        return found

    @cached_property
    def distinct(self) -> list[Document]:
        """Return one document of each text: a repository of many clusters says most things many times.

        A rule that looks at nothing but the text is done where it finds nothing in these.
        """
        return list({(id(one.data), id(one.value)): one for one in self.documents}.values())

    def documents_of(self, kind: str) -> list[Document]:
        """Return the documents of one kind, those within a List left out."""
        return [document for _, document in self._documents_of.get(kind, ())]

    def objects(self, kind: str) -> list[Manifest]:
        """Return the objects of one kind as they are written, whether anything applies them or not."""
        known = self._objects.get(kind)
        if known is None:
            from validator.read.kustomize import manifests

            # A List may hold objects of any kind, and stands in its own place among the others.
            there = self._documents_of.get(kind, [])
            if lists := self._documents_of.get("List") if kind != "List" else None:
                there = sorted([*there, *lists], key=lambda one: one[0])
            found = manifests([document for _, document in there])
            known = self._objects[kind] = [manifest for manifest in found if manifest.kind == kind]
        return known

    @cached_property
    def readers(self) -> dict[int, int]:
        """Return how many clusters take anything from a document, by its identity."""
        found: dict[int, set[int]] = {}
        for cluster in self.clusters:
            for manifest in cluster.manifests:
                for document in (manifest.document, *(overlay.document for overlay in manifest.overlays)):
                    found.setdefault(id(document), set()).add(id(cluster))
            for release in (*cluster.ako, *cluster.amko):
                for layer in release.values.layers:
                    if isinstance(layer.source, Document):
                        found.setdefault(id(layer.source), set()).add(id(cluster))
        return {document: len(clusters) for document, clusters in found.items()}

    @cached_property
    def gslb(self) -> list[GslbConfiguration]:
        """Return what the repository says of GSLB on the Avi controllers."""
        from validator.read.gslb import configurations

        return configurations(self.documents)

    @cached_property
    def _in_use(self) -> frozenset[str]:
        """Return the folders from which anything is applied, and those above them."""
        found: set[str] = set()
        for cluster in self.clusters:
            if is_kept(f"{cluster.root}/") and not (cluster.complete or cluster.ako or cluster.amko):
                continue  # an example of a sync, which nothing applies either
            for manifest in (*cluster.manifests, *cluster.hub):
                for document in (manifest.document, *(overlay.document for overlay in manifest.overlays)):
                    folder = document.path.rpartition("/")[0]
                    while folder and folder not in found:
                        found.add(folder)
                        folder = folder.rpartition("/")[0]
        return frozenset(found)

    def is_put_aside(self, path: str) -> bool:
        """Return whether a file stands among examples, archives and the like, and nothing from its folder is applied."""
        return is_kept(path) and path.rpartition("/")[0] not in self._in_use

    @cached_property
    def built(self) -> dict[int, list[Manifest]]:
        """Return what becomes of each document where a kustomization builds on it, whether anything applies that or not."""
        found: dict[int, list[Manifest]] = {}
        for path, folder in self.folders.folders.items():
            if folder.kustomization is not None and path not in self.folders.bases:
                for manifest in self.folders.build(path):
                    found.setdefault(id(manifest.document), []).append(manifest)
        return found

    @cached_property
    def kustomizations(self) -> list[Document]:
        """Return the kustomization.yaml files that are mappings."""
        from validator.read.kustomize import FILE_NAMES

        there = [d for d in self.documents if d.path.endswith(FILE_NAMES)]
        return [d for d in there if d.path.rpartition("/")[2] in FILE_NAMES and isinstance(d.value, dict)]

    @cached_property
    def untidy(self) -> list[Document]:
        """Return those of which it must be looked up what they list (`validator.read.kustomize.Tree.tidy`)."""
        tidy = self.folders.tidy
        return [one for one in self.kustomizations if one.path.rpartition("/")[0] not in tidy]

    @cached_property
    def configurations(self) -> list[Configuration]:
        """Return the flat configuration files of the Tanzu CLI."""
        from validator.tkg.configuration import find

        return find(self)

    @cached_property
    def managements(self) -> list[tuple[Configuration, int | None]]:
        """Return those that make a management cluster, each with the index of its site in the estate file."""
        from validator.tkg.configuration import managements

        return managements(self)

    @cached_property
    def topologies(self) -> list[Topology]:
        """Return the ClusterClass `Cluster` objects."""
        from validator.tkg.topologies import find

        return find(self)

    @cached_property
    def topologies_of(self) -> dict[int, list[Topology]]:
        """Return the ClusterClass `Cluster` objects by the identity of the management cluster that applies them."""
        found: dict[int, list[Topology]] = {}
        for topology in self.topologies:
            if topology.manager is not None:
                found.setdefault(id(topology.manager), []).append(topology)
        return found

    @cached_property
    def declared_problems(self) -> list[EstateError]:
        """Return everything that is wrong with the estate file, empty where there is none."""
        if self.declared is None:
            return []
        from validator.estate_file.reading import problems_in, problems_of

        document = self.declared.document
        whole = self.folders.documents(document.path)
        if len(whole) > 1:
            return problems_in(b"".join(part.data for part in whole), document.path)
        return problems_of(document.value, lambda: document.tree, document.path)

    @cached_property
    def _holders(self) -> dict[str, list[Cluster]]:
        found: dict[str, list[Cluster]] = {}
        for cluster in self.clusters:
            for kind in cluster.by_kind:
                found.setdefault(kind, []).append(cluster)
        return found

    def holders(self, *kinds: str) -> list[Cluster]:
        """Return the clusters that have any object of these kinds: a few, where the kinds are rare."""
        if len(kinds) == 1:
            return self._holders.get(kinds[0], [])
        holding = {id(cluster) for kind in kinds for cluster in self._holders.get(kind, ())}
        return [cluster for cluster in self.clusters if id(cluster) in holding] if holding else []

    @cached_property
    def sites(self) -> dict[str, list[Cluster]]:
        """Group the clusters by site."""
        found: dict[str, list[Cluster]] = {}
        for cluster in self.clusters:
            found.setdefault(cluster.site, []).append(cluster)
        return found

    @cached_property
    def members(self) -> list[Cluster]:
        """Return the clusters that run AKO."""
        return [cluster for cluster in self.clusters if cluster.ako]

    @cached_property
    def selections(self) -> list[Selection]:
        """Return what the policy of each federation selects."""
        from validator.federation.selection import selections

        return selections(self)

    def naming(self, federation: Federation) -> Naming:
        """Return how the clusters of a federation are called, and what is called by a wrong name."""
        found = self._namings.get(id(federation))
        if found is None:
            from validator.federation.contexts import Naming

            found = self._namings[id(federation)] = Naming(self, federation)
        return found

    @cached_property
    def past(self) -> Past | None:
        """Return the base revision beside today's state, None without `--base`."""
        if self.base is None:
            return None
        from validator.change import Past

        return Past(self.base, self)

    @cached_property
    def clusters_declared(self) -> dict[str, Cluster]:
        """Return the clusters that the estate file declares and the manifests describe, by name."""
        found: dict[str, Cluster] = {}
        for cluster in self.clusters:
            if cluster.declared is not None:
                found.setdefault(cluster.name, cluster)
        return found

    def avi_of(self, cluster: Cluster) -> dict[str, Any] | None:
        """Return what the estate file says of the Avi controller of a cluster's site, None where it says nothing."""
        name = cluster.declared.get("site") if cluster.declared else None
        return self._avi.get(name) if isinstance(name, str) else None

    @cached_property
    def _avi(self) -> dict[str, dict[str, Any]]:
        sites = self.declared.resolved.get("sites", []) if self.declared else []
        return {site["name"]: site["avi"] for site in sites if isinstance(site["name"], str)}

    def naming_of(self, release: Release) -> Naming | None:
        """Return how clusters are called in the federation of a release, None where it is in none."""
        federation = self._federation_of.get(id(release))
        return self.naming(federation) if federation is not None else None

    @cached_property
    def _federation_of(self) -> dict[int, Federation]:
        return {id(release): federation for federation in self.federations for release in federation.releases}

    def cluster_of(self, context: str) -> Cluster | None:
        """Return the cluster that a kubeconfig context means."""
        return self._contexts.get(context)

    @cached_property
    def _contexts(self) -> dict[str, Cluster]:
        found: dict[str, Cluster] = {}
        for cluster in self.clusters:
            if isinstance(text := (cluster.declared or {}).get("context"), str):
                found.setdefault(text, cluster)
        named = [
            (cluster, [cluster.name, *(release.text("AKOSettings", "clusterName") for release in cluster.ako)])
            for cluster in self.clusters
        ]
        own = [(cluster, names, context) for cluster, names in named if (context := cluster.context) is not None]
        for cluster, names, context in own:
            known = names if cluster.tkg is None else [*names, cluster.tkg.name]
            if any(context == f"{name}-admin@{name}" for name in known):
                found.setdefault(context, cluster)
        for cluster, _, context in own:
            found.setdefault(context, cluster)
        for cluster, names in named:
            for name in names if cluster.tkg is None else (*names, cluster.tkg.name):
                found.setdefault(f"{name}-admin@{name}", cluster)
        for cluster, names in named:
            for plain in names if cluster.context is None and cluster.ako else ():
                found.setdefault(str(plain), cluster)
        return found
