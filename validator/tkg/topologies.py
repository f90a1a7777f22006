"""The ClusterClass `Cluster` objects of an estate, with their variables by name and their class.

Source: cluster-api v1.2.8 api/v1beta1/cluster_types.go (`topology.class`), v1.11 api/core/v1beta2 (`classRef`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from validator.nearness import nearest
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig

if TYPE_CHECKING:
    from validator.model import Cluster, Estate
    from validator.schema.clusterclass import ClusterClass

GROUP = "cluster.x-k8s.io"
PREFIX = "tkg-vsphere-default-"
SPEC: Pointer = ("spec", "topology")
ABSENT: Any = object()


@dataclass(slots=True, eq=False)
class Pool:
    """One machine deployment of a topology and where it stands."""

    index: int
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.data.get("name", ""))

    @property
    def overrides(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the variables that this pool overrides, with their indexes."""
        found = dig(self.data, ("variables", "overrides"))
        return _named(found)


@dataclass(slots=True, eq=False)
class Topology:
    """One `Cluster` object that is made from a ClusterClass."""

    manifest: Manifest
    manager: Cluster | None
    """The management cluster that applies it, None where nothing does."""
    variables: list[tuple[int, dict[str, Any]]]
    """The variables that have a name, with their indexes in the list."""
    by_name: dict[str, tuple[int, Any]]
    pools: list[Pool]
    declared: tuple[dict[str, Any], dict[str, Any]] | None = field(default=None)
    """The site and the cluster of the estate file."""
    class_pointer: Pointer = field(init=False)
    class_name: str | None = field(init=False)
    is_vsphere: bool = field(init=False)
    """Whether the class is one of those that TKG ships for vSphere."""

    def __post_init__(self) -> None:
        """Take out what every rule asks for."""
        given = self.manifest.get(*SPEC) or {}
        self.class_pointer = (*SPEC, "class") if "class" in given else (*SPEC, "classRef", "name")
        found = self.manifest.get(*self.class_pointer)
        self.class_name = found if isinstance(found, str) else None
        self.is_vsphere = (self.class_name or "").startswith(PREFIX)

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def namespace(self) -> str:
        """Return the namespace it lands in, `default` where none is written."""
        return self.manifest.namespace or "default"

    def value(self, name: str, *pointer: str | int) -> Any:
        """Return a variable or something in it, ABSENT where it is not given."""
        if name not in self.by_name:
            return ABSENT
        value = self.by_name[name][1]
        for step in pointer:
            if not isinstance(value, dict) or step not in value:
                return ABSENT
            value = value[step]
        return value

    def at(self, name: str, *pointer: str | int, key: bool = False) -> Ref:
        """Return the place of a variable or of something in it, of the list of variables where it is not given."""
        if name not in self.by_name:
            return self.manifest.at(*SPEC, "variables")
        return self.manifest.at(*SPEC, "variables", self.by_name[name][0], "value", *pointer, key=key)

    def seems_misspelt(self, name: str) -> bool:
        """Return whether a variable is absent, but one of nearly that name is given."""
        return name not in self.by_name and nearest(name, self.by_name) is not None

    @property
    def is_readable(self) -> bool:
        """Return whether the list of variables is one, and each of its items names its variable."""
        items = self.manifest.get(*SPEC, "variables")
        return isinstance(items, list) and len(items) == len(self.variables)

    def pool_at(self, pool: Pool, *pointer: str | int, key: bool = False) -> Ref:
        """Return a place below a node pool."""
        return self.manifest.at(*SPEC, "workers", "machineDeployments", pool.index, *pointer, key=key)


def find(estate: Estate) -> list[Topology]:
    """Return every `Cluster` object with a topology: applied ones as they land, the others as they are written."""
    declared = {
        cluster["name"]: (site, cluster)
        for site in (estate.declared.resolved.get("sites", []) if estate.declared else [])
        for cluster in site.get("clusters", [])
    }
    found: list[Topology] = []
    seen: set[int] = set()
    for manager in estate.clusters:
        for manifest in manager.of("Cluster", GROUP):
            seen.add(id(manifest.document))
            found.extend(_make(manifest, manager, declared))
    for manifest in estate.objects("Cluster"):
        if manifest.group == GROUP and id(manifest.document) not in seen:
            found.extend(_make(manifest, None, declared))
    return found


def class_of(estate: Estate, topology: Topology) -> ClusterClass | None:
    """Return the class of a topology: the user's own, one that stands in the repository, or a bundled one."""
    from validator.errors import InputError
    from validator.schema.clusterclass import from_manifest, load

    name = topology.class_name
    if name is None:
        return None
    if name in estate.classes:
        return estate.classes[name]
    for manifest in estate.objects("ClusterClass"):
        if manifest.name == name and manifest.group == GROUP:
            try:
                estate.classes[name] = from_manifest(manifest.value)
            except InputError:
                break
            return estate.classes[name]
    return load(name)


def _make(manifest: Manifest, manager: Cluster | None, declared: dict[str, Any]) -> Iterator[Topology]:
    topology = manifest.spec.get("topology")
    if not isinstance(topology, dict) or not manifest.name:
        return
    variables = _named(topology.get("variables"))
    by_name: dict[str, tuple[int, Any]] = {}
    for index, item in variables:
        by_name.setdefault(item["name"], (index, item.get("value")))
    pools = dig(topology, ("workers", "machineDeployments"))
    yield Topology(
        manifest,
        manager,
        variables,
        by_name,
        [
            Pool(index, item)
            for index, item in enumerate(pools if isinstance(pools, list) else [])
            if isinstance(item, dict)
        ],
        declared.get(manifest.name),
    )


def _named(items: Any) -> list[tuple[int, dict[str, Any]]]:
    return [
        (index, item)
        for index, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    ]
