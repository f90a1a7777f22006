"""Which Flux, Argo CD, External Secrets and Sealed Secrets an estate runs, as far as the repository says.

Flux labels what `flux install` writes (gotk-components.yaml) with its version; the others are declared in the estate file.
Source: fluxcd/flux2 manifests, label app.kubernetes.io/version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from validator.facts import served
from validator.once import once
from validator.read.documents import Ref
from validator.read.manifest import Manifest, dig

if TYPE_CHECKING:
    from validator.model import Cluster, Estate

PART_OF, VERSION = "app.kubernetes.io/part-of", "app.kubernetes.io/version"
NAMES = {
    "flux": "Flux",
    "argocd": "Argo CD",
    "externalSecrets": "External Secrets",
    "sealedSecrets": "Sealed Secrets",
}
_USES = {"flux": ("engine", "flux"), "argocd": ("engine", "argocd")}
_BACKENDS = {"externalSecrets": "external-secrets", "sealedSecrets": "sealed-secrets"}


@dataclass(frozen=True, slots=True)
class Running:
    """A product with its version and the place that says so."""

    product: served.Product
    version: str
    at: Ref

    def __str__(self) -> str:
        return f"{NAMES[self.product]} {self.version}"


def running(estate: Estate, product: served.Product, cluster: Cluster | None) -> Running | None:
    """Return what runs in a cluster: what is installed from the repository, else what the estate file declares."""
    installed = _installed(cluster) if product == "flux" and cluster is not None else None
    return installed or _declared(estate)[product]


@once
def _installed(cluster: Cluster) -> Running | None:
    for manifest in (*cluster.of("Namespace"), *cluster.of("Deployment", "apps")):
        version = manifest.labels.get(VERSION)
        if manifest.labels.get(PART_OF) == "flux" and isinstance(version, str):
            at = manifest.at("metadata", "labels", VERSION)
            return Running("flux", version.removeprefix("v"), at)
    return None


@once
def _declared(estate: Estate) -> dict[served.Product, Running | None]:
    return {product: _said(estate, product) for product in served.PRODUCTS}


def _said(estate: Estate, product: served.Product) -> Running | None:
    declared = estate.declared
    if declared is None:
        return None
    version = dig(declared.data, ("versions", product))
    version = version if isinstance(version, str) else dig(declared.resolved, ("versions", product))
    key = _USES.get(product)
    used = declared.data.get(key[0]) == key[1] if key else _backend(declared.data) == _BACKENDS[product]
    if not used or not isinstance(version, str):
        return None
    return Running(product, version, declared.at("versions", product))


def _backend(data: dict[str, object]) -> object:
    return dig(data, ("secrets", "backend"))


@once
def objects(estate: Estate) -> list[tuple[Manifest, Cluster | None]]:
    """Return every object of a known product once: applied ones with their cluster, then those that nothing applies."""
    return list(_objects(estate))


def _objects(estate: Estate) -> Iterator[tuple[Manifest, Cluster | None]]:
    seen: set[int] = set()
    for cluster in estate.clusters:
        for manifest in cluster.manifests:
            if served.product_of(manifest.group) is not None and id(manifest.document) not in seen:
                yield manifest, cluster
        seen.update(id(manifest.document) for manifest in cluster.manifests)
    for kind in _kinds():
        for manifest in estate.objects(kind):
            if id(manifest.document) not in seen and served.product_of(manifest.group) is not None:
                yield manifest, None


def _kinds() -> list[str]:
    found: dict[str, None] = {}
    for product in served.PRODUCTS:
        for kinds in served.facts(product)["served"].values():
            found.update(dict.fromkeys(kinds))
    return list(found)
