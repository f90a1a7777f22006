"""The same object in sibling clusters: what one of them has differently while all others agree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from validator.model import Cluster, Estate
from validator.nearness import distance
from validator.once import once
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.read.scalars import resolve
from validator.topologies import Topology
from validator.workloads import rules

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
}
"""What is compared; chart values, secrets, custom resources and nodes have rules of their own."""
APART = frozenset("values valuesObject valueFiles parameters encryptedData data stringData sops".split())
"""Keys whose content may differ; of Secrets the names of their keys are compared."""
SECRETS = frozenset({"data", "stringData", "encryptedData"})
REVISIONS = frozenset("version targetRevision tag semver branch commit digest".split())
"""Keys whose values differ while a change is rolled out from site to site."""
NOT_COMPARED = APART | REVISIONS
LONG = 3
"""Letters of a name for each that may be wrong in it."""
SLIP = 2
"""Letters by which a name may differ and still be meant for the same object."""
SETTINGS = ("kustomize.toolkit.fluxcd.io/", "argocd.argoproj.io/")
"""Annotations of Clusters whose values are compared; of others their names, as they belong to the one Cluster."""
FEW = 3
"""Clusters that it takes to tell an exception from the rule in a repository that no template has made alike."""
ABSENT = "\0absent"
_NUMBER = re.compile(r"\d+")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """An object of one cluster, and the names that stand for that cluster in it."""

    manifest: Manifest
    owner: str
    names: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    """What fields of a name follow from: where that differs, they may."""

    def plain(self, text: str) -> str:
        """Return a text with the names of the cluster taken out, where they stand as words of their own."""
        pattern = _words(self.names)
        return pattern.sub("\0", text) if pattern else text


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which one copy differs from all others; no field where its name or namespace does."""

    copy: Copy
    other: Copy
    pointer: Pointer
    here: str
    there: str


@lru_cache(maxsize=4096)
def _words(names: tuple[str, ...]) -> re.Pattern[str] | None:
    listed = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])") if names else None


def differences(estate: Estate) -> Iterator[list[Difference]]:
    """Yield the differences of each object that is not like its siblings."""
    for role in _roles(estate):
        groups: defaultdict[Key, list[Copy]] = defaultdict(list)
        for copy in role:
            item = copy.manifest
            groups[(item.kind, copy.plain(item.namespace), copy.plain(item.name))].append(copy)
        owners = list(dict.fromkeys(copy.owner for copy in role))
        yield from _renamed(groups, owners)
        for group in groups.values():
            if len({copy.owner for copy in group}) == len(group) > 1:
                yield from _compare(group)
    yield from _compare(
        [
            Copy(
                topology.manifest,
                topology.name,
                _names(estate, topology.manager, topology.name),
                (("osInfo", _system(topology)),),
            )
            for topology in estate.topologies
        ]
    )


def _roles(estate: Estate) -> Iterator[list[Copy]]:
    """Yield the objects of clusters alike: by AKO and who installs it, by AMKO, of those that make clusters."""
    roles: dict[tuple[bool, ...], list[Cluster]] = defaultdict(list)
    for cluster in estate.clusters:
        if cluster.ako:
            roles[(True, any(release.is_chart for release in cluster.ako), bool(cluster.amko))].append(cluster)
        elif cluster.runs_clusters:
            roles[(False, bool(cluster.of("AKODeploymentConfig")))].append(cluster)
    titles = Counter(cluster.name for cluster in estate.clusters)
    for clusters in roles.values():
        if len(clusters) >= (2 if estate.declared is not None else FEW):
            yield [
                copy
                for cluster in clusters
                for copy in _copies(estate, cluster, cluster.name if titles[cluster.name] == 1 else cluster.root)
            ]


def _copies(estate: Estate, cluster: Cluster, owner: str) -> Iterator[Copy]:
    names, reasons = _names(estate, cluster, owner), (("patches", _service_type(cluster)),)
    for kind, group in KINDS.items():
        for item in cluster.of(kind, group):
            if not item.uncertain:
                yield Copy(item, owner, names, reasons)


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
    # A name that YAML reads as no text stands in quotes in some places and not in others: it cannot be taken out.
    names = {str(name) for name in known if name and isinstance(resolve(str(name)), str)}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@once
def _namespaces(estate: Estate) -> dict[str, str]:
    """Return the namespaces that the estate file gives the clusters of its sites."""
    sites = estate.declared.resolved.get("sites", []) if estate.declared else []
    return {str(site.get("name")): str(site.get("management", {}).get("namespace", "")) for site in sites}


def _compare(group: list[Copy]) -> Iterator[list[Difference]]:
    if len(group) < 2 or _is_local(group) or any(not isinstance(resolve(copy.owner), str) for copy in group):
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
    for pointer in pointers:
        raw = [fields.get(pointer, ABSENT) for fields in flat]
        odd = _odd(raw)
        if odd is not None:
            odd = _odd([copy.plain(text) for copy, text in zip(group, raw, strict=True)])
        if odd is not None:
            other = 0 if odd else 1
            found[odd].append(Difference(group[odd], group[other], pointer, raw[odd], raw[other]))
    yield from (items for _, items in sorted(found.items()))


def _is_local(group: list[Copy]) -> bool:
    """Return whether copies of an Ingress have hosts of their own: what GSLB selects among them, other rules compare."""
    if group[0].manifest.kind != "Ingress":
        return False
    return len({str([rule.host for rule in rules(copy.manifest)]) for copy in group}) > 1


def _odd(texts: list[str]) -> int | None:
    """Return the one that differs while all others agree; of two the one that lacks it, or else the second."""
    counts = Counter(texts)
    if len(counts) != 2:
        return None
    if len(texts) == 2:
        return 0 if texts[0] == ABSENT else 1
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
        _walk(value, (key,), found, names=topology)
    return found


def _walk(value: Any, at: Pointer, found: dict[Pointer, str], *, names: bool) -> None:
    last = at[-1]
    if last in NOT_COMPARED:
        found[at] = type(value).__name__
        for key in value if isinstance(value, dict) and last in SECRETS else ():
            found[(*at, key)] = ""
        return
    if isinstance(value, dict | list) and value:
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(child, str) and key not in NOT_COMPARED and not names:
                found[(*at, key)] = child  # as most are: one call less for each
            else:
                _walk(child, (*at, key), found, names=names)
    elif value is not None:
        found[at] = "" if names and not str(last).startswith(SETTINGS) else str(value)


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
        if len(having[key]) > 1 or (len(owners) == 2 and copy.owner != owners[-1]):
            continue
        for other in common[key[0]]:
            if copy.owner not in having[other] and _meant(key, other):
                model = groups[other][0]
                if (copy.owner, model.manifest.kind, model.manifest.namespace, model.manifest.name) in written:
                    continue  # the name of a cluster is in it, by chance
                last = "namespace" if key[2] == other[2] else "name"
                texts = [getattr(one.manifest, last) for one in (copy, model)]
                yield [Difference(copy, model, ("metadata", last), *texts)]
                break


def _meant(key: Key, other: Key) -> bool:
    if key[2] == other[2]:
        return distance(key[1], other[1]) <= SLIP
    numbers = _NUMBER.sub("0", key[2]) == _NUMBER.sub("0", other[2])
    slip = min(SLIP, len(key[2]) // LONG, len(other[2]) // LONG)
    return key[1] == other[1] and not numbers and slip > 0 and distance(key[2], other[2]) <= slip
