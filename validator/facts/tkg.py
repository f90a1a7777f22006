"""TKG releases, their ClusterClass and Cluster API, and the names TKG gives to things."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from validator.facts import table, version


@dataclass(frozen=True, slots=True)
class TkgRelease:
    """One TKG release; `capi` and `kubernetes` are None where they are not public."""

    version: str
    cluster_class: str
    revision: str
    capi: str | None
    kubernetes: str | None


def releases() -> tuple[str, ...]:
    """Return every known TKG release, oldest first."""
    return tuple(table("tkg")["releases"])


@lru_cache(maxsize=4096)
def find(text: str) -> TkgRelease | None:
    """Return the facts of TKG release `text`; `2.1` stands for the newest known 2.1.x, unknown ones give None."""
    name = version.exact(releases(), text)
    if name is None:
        return None
    entry = table("tkg")["releases"][name]
    return TkgRelease(
        name,
        entry["clusterClass"],
        entry["revision"],
        entry["capi"],
        entry["kubernetes"],
    )


def find_minor(text: str) -> TkgRelease | None:
    """Return the facts of TKG release `text`, those of the newest known release of its minor for an unknown patch."""
    return find(text) or find(version.minor(text) or text)


@cache
def cluster_classes() -> tuple[str, ...]:
    """Return the vSphere ClusterClass names of the known releases, oldest first."""
    return tuple(dict.fromkeys(entry["clusterClass"] for entry in table("tkg")["releases"].values()))


def releases_of_class(cluster_class: str) -> tuple[str, ...]:
    """Return the TKG releases that ship a ClusterClass of this name."""
    return tuple(name for name, entry in table("tkg")["releases"].items() if entry["clusterClass"] == cluster_class)


def is_supervisor_class(cluster_class: str) -> bool:
    """Say whether a ClusterClass belongs to the Supervisor flavour (TKG service, VKS)."""
    entry = table("tkg")["supervisorClasses"]
    return cluster_class in entry["names"] or cluster_class.startswith(entry["prefix"])


def trusted_authorities(cluster_class: str) -> tuple[str, ...] | None:
    """Return the names of trusted authorities that a class reads; None for a class of which it is not known."""
    entry = table("tkg")["trustedAuthorities"]
    return tuple(entry["names"]) if cluster_class in entry["classes"] else None


def capi_has(text: str, feature: str) -> bool:
    """Say whether a Cluster API version has a feature of the table."""
    start = table("tkg")["capiFeatures"][feature]["from"]
    return (version.compare(text, start) or 0) >= 0 and version.parse(text) is not None


def classless_namespaces() -> frozenset[str]:
    """Return the namespaces into which TKG does not copy its ClusterClass."""
    return frozenset(table("tkg")["classlessNamespaces"]["names"])


def admin_context(cluster: str) -> str:
    """Return the kubeconfig context that `tanzu cluster kubeconfig get --admin` writes for a cluster."""
    context: str = table("tkg")["context"]["format"].format(cluster=cluster)
    return context


def avi_name(namespace: str, cluster: str) -> str:
    """Return the name that AKO, where TKG installs it, gives a cluster in Avi."""
    name: str = table("tkg")["akoOperator"]["aviClusterName"].format(namespace=namespace, cluster=cluster)
    return name
