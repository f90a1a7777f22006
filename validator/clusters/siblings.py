"""The same object in sibling clusters: what one of them has differently while all others agree."""

from __future__ import annotations

import posixpath
import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from validator.clusters.workloads import rules
from validator.model import Cluster, Estate
from validator.nearness import distance
from validator.once import once
from validator.read.exact import Pointer
from validator.read.kustomize import CLUSTER_SCOPED
from validator.read.manifest import Manifest
from validator.read.scalars import resolve
from validator.tkg.topologies import Topology

KINDS = {
    "Kustomization": "kustomize.toolkit.fluxcd.io",
    "HelmRelease": "helm.toolkit.fluxcd.io",
    "GitRepository": "source.toolkit.fluxcd.io",
    "HelmRepository": "source.toolkit.fluxcd.io",
    "OCIRepository": "source.toolkit.fluxcd.io",
    "Application": "argoproj.io",
    "Namespace": "",
    "ServiceAccount": "",
    "Secret": "",
    "SealedSecret": "bitnami.com",
    "ExternalSecret": "external-secrets.io",
    "Ingress": "networking.k8s.io",
    "ClusterRole": "rbac.authorization.k8s.io",
    "ClusterRoleBinding": "rbac.authorization.k8s.io",
    "Role": "rbac.authorization.k8s.io",
    "RoleBinding": "rbac.authorization.k8s.io",
}
"""What is compared; chart values, secrets, custom resources and nodes have rules of their own."""
PART_OF = "app.kubernetes.io/part-of"
"""The label of what `flux install` writes, which is the same everywhere and much."""
APART = frozenset("values valuesObject valueFiles parameters encryptedData data stringData sops".split())
"""Keys whose content may differ; of Secrets the names of their keys are compared."""
SECRETS = frozenset({"data", "stringData", "encryptedData"})
REFERRING = "ExternalSecret"
"""The kind whose `data` is no secret: it says where the secrets are, and what is made of them."""
REVISIONS = frozenset("version targetRevision tag semver branch commit digest".split())
"""Keys whose values differ while a change is rolled out from site to site."""
NOT_COMPARED = APART | REVISIONS
NORMAL = NOT_COMPARED | {"path", "repoURL", "url"}
"""Keys whose texts are not compared as they are."""
LONG = 3
"""Letters of a name for each that may be wrong in it."""
SLIP = 2
"""Letters by which a name may differ and still be meant for the same object."""
SETTINGS = ("kustomize.toolkit.fluxcd.io/", "argocd.argoproj.io/")
"""Annotations of Clusters whose values are compared; of others their names, as they belong to the one Cluster."""
SYNCS = frozenset({"Kustomization", "Application", "HelmRelease"})
"""Kinds of which one name stands for one object, whatever its namespace."""
FEW = 3
"""Clusters that it takes to tell an exception from the rule in a repository that no template has made alike."""
ABSENT = "\0absent"
LETTERS = frozenset(string.ascii_letters + string.digits)
_NUMBER = re.compile(r"\d+")
_FIRST_MARK = 1
"""Marks are bytes that stand in no YAML; a cluster has fewer names than there are of them."""
_NAME_IN_KEY = re.compile(rb"[\x01-\x08](?:[\x01-\x08]|[^\n]*:[ \n])")
"""A mark that may be in a key, or beside another one."""
Key = tuple[str, str, str]


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
class Copy:
    """An object of one cluster, and the names that stand for that cluster in it."""

    manifest: Manifest
    owner: str
    names: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    """What fields of a name follow from: where that differs, they may."""
    cluster: Cluster | None = None

    def plain(self, text: str) -> str:
        """Return a text with the names of the cluster taken out, where they stand as words of their own."""
        for name in self.names:
            if name in text:
                return _taken_out(text, self.names)
        return text


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which one copy differs from all others; no field where its name or namespace does."""

    copy: Copy
    other: Copy
    pointer: Pointer
    here: str
    there: str


def _taken_out(text: str, names: tuple[str, ...]) -> str:
    """Return a text with a mark for each name that stands as a word of its own; of two at one place the first given counts.

    By hand: every cluster has names of its own, and to compile an expression for each costs more than to look.
    """
    parts: list[str] = []
    start = 0
    while True:
        first, size = -1, 0
        for name in names:
            place = _place(text, name, start)
            if place >= 0 and (place < first or first < 0):
                first, size = place, len(name)
        if first < 0:
            return "\0".join((*parts, text[start:]))
        parts.append(text[start:first])
        start = first + size


def _place(text: str, name: str, start: int) -> int:
    """Return where a name stands as a word of its own, -1 where it does not."""
    place = text.find(name, start)
    while place >= 0 and (
        text[place - 1 : place] in LETTERS or text[place + len(name) : place + len(name) + 1] in LETTERS
    ):
        place = text.find(name, place + 1)
    return place


@dataclass(frozen=True)
class Role:
    """Clusters that do the same work, and what they get."""

    clusters: list[Cluster]
    copies: list[Copy]

    @cached_property
    def groups(self) -> dict[Key, list[Copy]]:
        """Return the copies of each object."""
        found: defaultdict[Key, list[Copy]] = defaultdict(list)
        for copy in self.copies:
            item = copy.manifest
            namespace = "" if item.kind in CLUSTER_SCOPED else copy.plain(item.namespace)
            found[(item.kind, namespace, copy.plain(item.name))].append(copy)
        return found


def differences(estate: Estate) -> Iterator[list[Difference]]:
    """Yield the differences of each object that is not like its siblings."""
    for role in roles(estate):
        groups = role.groups
        owners = list(dict.fromkeys(copy.owner for copy in role.copies))
        usual = _Usual(role.copies)
        yield from _renamed(groups, owners)
        for group in groups.values():
            if len({copy.owner for copy in group}) == len(group) > 1:
                yield from _compare(group, usual)
    nodes = [
        Copy(
            topology.manifest,
            topology.name,
            _names(estate, topology.manager, topology.name),
            (("osInfo", _system(topology)),),
            topology.manager,
        )
        for topology in estate.topologies
    ]
    yield from _compare(nodes, _Usual([]))


@once
def roles(estate: Estate) -> list[Role]:
    """Return the objects of clusters alike: by AKO and who installs it, by AMKO, by GSLB; of those that make clusters."""
    alike: dict[tuple[bool, ...], list[Cluster]] = defaultdict(list)
    for cluster in estate.clusters:
        if cluster.ako:
            by_chart, member = (
                any(release.is_chart for release in cluster.ako),
                (cluster.declared or {}).get("isMember"),
            )
            alike[(True, by_chart, _has_amko(cluster), member is not False)].append(cluster)
        elif cluster.runs_clusters:
            alike[(False, bool(cluster.of("AKODeploymentConfig")))].append(cluster)
    titles = Counter(cluster.name for cluster in estate.clusters)
    return [
        Role(
            clusters,
            [
                copy
                for cluster in clusters
                for copy in _copies(estate, cluster, cluster.name if titles[cluster.name] == 1 else cluster.root)
            ],
        )
        for clusters in alike.values()
        if len(clusters) >= (2 if estate.declared is not None else FEW)
    ]


def _has_amko(cluster: Cluster) -> bool:
    """Return whether a cluster is to run AMKO: an AMKO that cannot be read makes it no cluster of another kind."""
    return bool(cluster.amko) or bool((cluster.declared or {}).get("amko"))


def _copies(estate: Estate, cluster: Cluster, owner: str) -> Iterator[Copy]:
    names, reasons = _names(estate, cluster, owner), (("patches", _service_type(cluster)),)
    for kind, group in KINDS.items():
        for item in cluster.of(kind, group):
            if not item.uncertain and item.labels.get(PART_OF) != "flux":
                yield Copy(item, owner, names, reasons, cluster)


def _system(topology: Topology) -> str:
    """Return the image of the nodes as the estate file has it."""
    return str(topology.declared[1].get("os")) if topology.declared else ""


def _service_type(cluster: Cluster) -> str:
    """Return how AKO reaches the pods: some ways want Services of another type."""
    return str([release.text("L7Settings", "serviceType") for release in cluster.ako])


def _names(estate: Estate, cluster: Cluster | None, owner: str) -> tuple[str, ...]:
    """Return the names that stand for a cluster, the longest first."""
    known = {owner, cluster.name, cluster.site, cluster.root} if cluster is not None else {owner}
    if cluster is not None and cluster.runs_clusters:
        known.add(_namespaces(estate).get(cluster.site, ""))
    if cluster is not None and len(made := cluster.of("Cluster", "cluster.x-k8s.io")) == 1:
        known.add(made[0].name)
    # A name that YAML reads as no text stands in quotes in some places and not in others: it cannot be taken out.
    names = {str(name) for name in known if name and isinstance(resolve(str(name)), str)}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@once
def _namespaces(estate: Estate) -> dict[str, str]:
    """Return the namespaces that the estate file gives the clusters of its sites."""
    sites = estate.declared.resolved.get("sites", []) if estate.declared else []
    return {str(site.get("name")): str(site.get("management", {}).get("namespace", "")) for site in sites}


class _Usual:
    """How often a value stands at one place in all objects of a kind: of two copies it shows which one is odd."""

    def __init__(self, copies: list[Copy]) -> None:
        self._copies = copies
        self._counts: dict[str, Counter[tuple[Pointer, str]]] = {}
        self._totals = Counter(copy.manifest.kind for copy in copies)

    def odd(self, group: list[Copy], pointer: Pointer, raw: list[str]) -> int:
        """Return which of two copies is the odd one: the one whose value is rarer, or that lacks what others have."""
        counts = self._of(group[0].manifest.kind)
        if ABSENT in raw:
            absent = raw.index(ABSENT)
            lone = self._totals[group[0].manifest.kind] <= len(group)
            return absent if lone or counts[pointer, ABSENT] > 1 else 1 - absent
        often = [counts[pointer, text] for text in raw]
        return 0 if often[0] < often[1] else 1

    def _of(self, kind: str) -> Counter[tuple[Pointer, str]]:
        if kind not in self._counts:
            flat = [_flat(copy.manifest) for copy in self._copies if copy.manifest.kind == kind]
            self._counts[kind] = Counter(
                item for fields in flat for one in fields.items() for item in (one, (one[0], ABSENT))
            )
        return self._counts[kind]


def _compare(group: list[Copy], usual: _Usual) -> Iterator[list[Difference]]:
    if len(group) < 2 or _are_alike(group):
        return
    if _is_local(group) or any(not isinstance(resolve(copy.owner), str) for copy in group):
        return
    # Objects of the same text share one value, and one look at it is enough.
    known = {id(copy.manifest.value): copy.manifest for copy in group}
    fields_of = {value: _flat(manifest) for value, manifest in known.items()}
    if all(fields == fields_of[id(group[0].manifest.value)] for fields in fields_of.values()):
        return
    flat = [fields_of[id(copy.manifest.value)] for copy in group]
    apart = {key for key, _ in group[0].reasons if len({dict(copy.reasons)[key] for copy in group}) > 1}
    pointers = dict.fromkeys(pointer for fields in flat for pointer in fields if apart.isdisjoint(pointer))
    found: defaultdict[int, list[Difference]] = defaultdict(list)
    shared = len(group) > 2 and _is_shared(group, flat)
    whole = all(copy.cluster is None or copy.cluster.complete for copy in group)
    for pointer in pointers:
        if pointer[-1] == "path" and not whole:
            continue  # the folder of a cluster that does not sync itself is not known well enough to be taken out
        raw = [fields.get(pointer, ABSENT) for fields in flat]
        odd = _odd_one(group, pointer, raw, usual, shared=shared)
        if odd is not None:
            other = 0 if odd else 1
            found[odd].append(Difference(group[odd], group[other], pointer, raw[odd], raw[other]))
    yield from _told(found)


def _are_alike(group: list[Copy]) -> bool:
    """Return whether copies are one text but for the names of their clusters, none of which is in a key.

    So it is with nearly all objects of an estate, and to tell it by the text is many times as fast as by the fields.
    """
    model = _unnamed(group[0])
    if model is None or any(_unnamed(copy) != model for copy in group):
        return False
    return _NAME_IN_KEY.search(model) is None


def _unnamed(copy: Copy) -> bytes | None:
    """Return the text of an object with a mark for each name of its cluster; None where the text is not all of it."""
    document = copy.manifest.document
    if copy.manifest.value is not document.value or document.whole:
        return None
    text = document.data
    for name, mark in _marks(copy.names):
        text = text.replace(name, mark)
    return text


@lru_cache(maxsize=4096)
def _marks(names: tuple[str, ...]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), bytes([_FIRST_MARK + number])) for number, name in enumerate(names)]


def _told(found: dict[int, list[Difference]]) -> Iterator[list[Difference]]:
    """Yield the differences of each copy; of two copies that differ in several ways, those of the one that has most."""
    items = [items for _, items in sorted(found.items())]
    both = len(items) == 2 and {id(one.copy) for one in items[0]} == {id(one.other) for one in items[1]}
    yield from [max(items, key=len)] if both else items


def _is_local(group: list[Copy]) -> bool:
    """Return whether copies of an Ingress have hosts of their own: what GSLB selects among them, other rules compare."""
    if group[0].manifest.kind != "Ingress":
        return False
    return len({str([rule.host for rule in rules(copy.manifest)]) for copy in group}) > 1


def _is_shared(group: list[Copy], flat: list[dict[Pointer, str]]) -> bool:
    """Return whether an object names several clusters and is the same in all, instead of naming each its own."""
    shared = own = 0
    names = dict.fromkeys(name for copy in group for name in copy.names)
    shortest = min(map(len, names), default=0)
    for pointer, text in flat[0].items():
        raw = [fields.get(pointer, ABSENT) for fields in flat]
        if len(set(raw)) == 1:
            shared += len(text) >= shortest and any(name in text for name in names)
        elif len({copy.plain(found) for copy, found in zip(group, raw, strict=True)}) == 1:
            own += 1
    return shared > own


def _odd_one(group: list[Copy], pointer: Pointer, raw: list[str], usual: _Usual, *, shared: bool) -> int | None:
    """Return the copy that differs at a place while all others agree, as it is written or without its own names."""
    if len(set(raw)) == 1:
        return None
    plain = [copy.plain(text) for copy, text in zip(group, raw, strict=True)]
    if len(set(plain)) == 1:
        return None
    if len(group) > 2:
        first, second = (raw, plain) if shared else (plain, raw)
        odd = _odd(first)
        return odd if odd is not None else _odd(second)
    return usual.odd(group, pointer, raw)


def _odd(texts: list[str]) -> int | None:
    """Return the one of several that differs while all others agree."""
    counts = Counter(texts)
    if len(counts) != 2:
        return None
    rare = min(counts, key=lambda text: counts[text])
    return texts.index(rare) if counts[rare] == 1 else None


def _flat(manifest: Manifest) -> dict[Pointer, str]:
    """Return the fields that are compared, as text."""
    found: dict[Pointer, str] = {}
    topology = manifest.kind == "Cluster"
    parts = (
        ("metadata",)
        if topology
        else tuple(key for key in manifest.value if key not in {"kind", "generator", "status", "apiVersion"})
    )
    for key in parts:
        value = manifest.value.get(key)
        if key == "metadata" and isinstance(value, dict):
            value = {name: value[name] for name in ("labels", "annotations", "finalizers") if name in value}
        _walk(value, (key,), found, manifest.kind)
    return found


def _walk(value: Any, at: Pointer, found: dict[Pointer, str], kind: str) -> None:
    last = at[-1]
    if last in NOT_COMPARED and not (kind == REFERRING and last == "data"):
        found[at] = type(value).__name__
        for key in value if isinstance(value, dict) and last in SECRETS else ():
            found[(*at, key)] = ""
        return
    if isinstance(value, dict | list) and value:
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(child, str) and key not in NORMAL and kind != "Cluster":
                found[(*at, key)] = child  # as most are: one call less for each
            else:
                _walk(child, (*at, key), found, kind)
    elif value is not None:
        found[at] = "" if kind == "Cluster" and not str(last).startswith(SETTINGS) else _text(at, value)


def _text(at: Pointer, value: Any) -> str:
    """Return a value as it is compared: a path means the same with `./` before it or `/` behind it."""
    if at == ("spec", "path") and isinstance(value, str):
        return posixpath.normpath(value.lstrip("/"))
    if at[-1] in {"repoURL", "url"} and isinstance(value, str):
        return value.rstrip("/").removesuffix(".git")
    return str(value)


def _renamed(groups: dict[Key, list[Copy]], owners: list[str]) -> Iterator[list[Difference]]:
    """Yield objects of one cluster that have nearly the name, or another namespace, of one that all others have."""
    having = {key: {copy.owner for copy in copies} for key, copies in groups.items()}
    written = {
        (one.owner, one.manifest.kind, one.manifest.namespace, one.manifest.name)
        for copies in groups.values()
        for one in copies
    }
    common: defaultdict[str, list[Key]] = defaultdict(list)
    for key, found in having.items():
        if len(found) == len(owners) - 1:
            common[key[0]].append(key)
    for key, copies in groups.items():
        copy = copies[0]
        if len(having[key]) > 1:
            continue
        for other in common[key[0]]:
            if copy.owner not in having[other] and meant(key, other):
                if len(owners) == 2 and not _is_odd(key, other, groups, last=copy.owner == owners[-1]):
                    continue
                model = groups[other][0]
                if (copy.owner, model.manifest.kind, model.manifest.namespace, model.manifest.name) in written:
                    continue  # the name of a cluster is in it, by chance
                last = "namespace" if key[2] == other[2] else "name"
                texts = [getattr(one.manifest, last) for one in (copy, model)]
                yield [Difference(copy, model, ("metadata", last), *texts)]
                break


def _is_odd(key: Key, other: Key, groups: dict[Key, list[Copy]], *, last: bool) -> bool:
    """Return which of two names is the wrong one: the one that fewer other objects have; or else that of the last."""
    step = 1 if key[2] == other[2] else 2
    often = [sum(len(found) for one, found in groups.items() if one[step] == name[step]) for name in (key, other)]
    return often[0] < often[1] if often[0] != often[1] else last


def meant(key: Key, other: Key) -> bool:
    """Return whether one object was probably to be another one: nearly its name, or its name in another namespace."""
    if key[0] != other[0]:
        return False
    if key[2] == other[2]:
        return key[0] in SYNCS or distance(key[1], other[1]) <= SLIP
    numbers = _NUMBER.sub("0", key[2]) == _NUMBER.sub("0", other[2])
    slip = min(SLIP, len(key[2]) // LONG, len(other[2]) // LONG)
    return key[1] == other[1] and not numbers and slip > 0 and distance(key[2], other[2]) <= slip
