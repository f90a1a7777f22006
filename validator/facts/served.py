"""Which API versions Flux, Argo CD, External Secrets and Sealed Secrets serve, and which fields came when.

A product is known by minor release. Outside the span of the known minors every answer is None: nobody knows yet.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from validator.facts import release, table, version

if TYPE_CHECKING:
    from collections.abc import Mapping

Product = Literal["flux", "argocd", "externalSecrets", "sealedSecrets"]

PRODUCTS: tuple[Product, ...] = ("flux", "argocd", "externalSecrets", "sealedSecrets")


def facts(product: Product) -> Mapping[str, Any]:
    """Return the table of a product."""
    if product in ("flux", "argocd"):
        return table(product)
    entry: Mapping[str, Any] = table("secrets")[product]
    return entry


def minors(product: Product) -> tuple[str, ...]:
    """Return the known minor releases of a product, oldest first."""
    return tuple(facts(product)["minors"])


@cache
def known(product: Product, text: str) -> bool:
    """Say whether `text` is a release of a known minor of the product."""
    return version.minor(text) in facts(product)["minors"]


def newest(product: Product) -> str:
    """Return the newest release that the tables were read from."""
    name: str = facts(product)["newest"]
    return name


@cache
def product_of(group: str) -> Product | None:
    """Return the product that serves an API group."""
    return next((product for product in PRODUCTS if group in facts(product)["served"]), None)


@cache
def api_versions(group: str, kind: str) -> Mapping[str, tuple[str, str | None]]:
    """Return the API versions of a kind with the first and last minor that serves each; None while still served."""
    product = product_of(group)
    if product is None:
        return {}
    entry = facts(product)["served"][group].get(kind, {})
    return {name: (span[0], span[1]) for name, span in entry.items()}


@cache
def is_served(group: str, kind: str, api_version: str, text: str) -> bool | None:
    """Say whether release `text` of the product behind `group` serves a version of a kind.

    None when the product, the kind or the release is not in the tables.
    """
    product = product_of(group)
    spans = api_versions(group, kind)
    if product is None or not spans or not known(product, text):
        return None
    if api_version not in spans:
        return False
    first, last = spans[api_version]
    minor = version.minor(text) or ""
    return (version.compare(minor, first) or 0) >= 0 and (last is None or (version.compare(minor, last) or 0) <= 0)


def served_versions(group: str, kind: str, text: str) -> tuple[str, ...]:
    """Return the API versions of a kind that release `text` serves, oldest first."""
    return tuple(name for name in api_versions(group, kind) if is_served(group, kind, name, text))


@cache
def has(product: Product, text: str, feature: str) -> bool | None:
    """Say whether release `text` of a product has a feature of its table; None when the release is not known."""
    minor = version.minor(text)
    if minor is None:
        return None
    return release.has(facts(product)["features"], minors(product), minor, feature)


def since(product: Product, feature: str) -> str:
    """Return the first minor that has a feature."""
    start: str = facts(product)["features"][feature]["from"]
    return start
