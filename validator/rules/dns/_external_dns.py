"""Instances of external-dns whose settings stand in the repository in full.

An instance that takes settings from elsewhere (environment, other values, regular expressions), or that filters what it
reads, is left out: what it writes is not known. Source: kubernetes-sigs/external-dns docs/flags.md and
charts/external-dns/templates/deployment.yaml; endpoint/domain_filter.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.model import Cluster
from validator.read import argocd, flux
from validator.read.documents import Ref
from validator.read.manifest import Manifest, dig

NAME = "external-dns"
_FILTERS = (
    "annotation-filter",
    "label-filter",
    "regex-domain-filter",
    "regex-domain-exclusion",
    "ingress-class",
    "namespace",
    "zone-id-filter",
    "zone-name-filter",
)
_VALUES = {"sources": "source", "domainFilters": "domain-filter", "excludeDomains": "exclude-domains"}
_SOURCES = ("service", "ingress")
"""The chart's default."""


@dataclass(frozen=True, slots=True)
class Instance:
    """What one external-dns reads, and which names it may write; a leading dot in a filter stands for below."""

    at: Ref
    sources: tuple[str, ...]
    included: tuple[str, ...]
    excluded: tuple[str, ...]


INSTALLERS = ("Deployment", "HelmRelease", "Application")
"""Kinds of what external-dns is installed by."""


def instances(cluster: Cluster) -> Iterator[Instance]:
    """Yield the instances in a cluster that are known in full."""
    for item in cluster.of("Deployment", "apps"):
        yield from _deployment(item)
    for item in cluster.of("HelmRelease", flux.HELM):
        yield from _release(item)
    for item in cluster.of("Application", argocd.GROUP):
        yield from _application(item)


def _deployment(item: Manifest) -> Iterator[Instance]:
    place = ("spec", "template", "spec", "containers")
    containers = item.get(*place)
    for index, container in enumerate(containers if isinstance(containers, list) else []):
        image = container.get("image") if isinstance(container, dict) else None
        if not isinstance(image, str) or image.split("@")[0].rpartition("/")[2].partition(":")[0] != NAME:
            continue
        args = container.get("args")
        if isinstance(args, list) and not container.get("env") and not container.get("envFrom"):
            yield from _instance(_flags(args), item.at(*place, index, "args"))


def _release(item: Manifest) -> Iterator[Instance]:
    chart, values = item.get("spec", "chart", "spec", "chart"), item.spec.get("values")
    if chart == NAME and isinstance(values, dict) and not item.spec.get("valuesFrom"):
        yield from _chart(values, item.at("spec", "values"))


def _application(item: Manifest) -> Iterator[Instance]:
    for pointer, source in argocd.sources(item):
        values, helm = dig(source, ("helm", "valuesObject")), source.get("helm")
        other = isinstance(helm, dict) and any(helm.get(key) for key in ("valueFiles", "parameters", "fileParameters"))
        if source.get("chart") == NAME and isinstance(values, dict) and not other:
            yield from _chart(values, item.at(*pointer, "helm", "valuesObject"))


def _chart(values: dict[str, Any], at: Ref) -> Iterator[Instance]:
    """Yield the instance that the project's own chart makes of values, unless the environment has a say."""
    extra = values.get("extraArgs") or []
    if values.get("env") or values.get("labelFilter") or values.get("annotationFilter") or values.get("namespaced"):
        return
    if not isinstance(extra, list):
        return
    flags = _flags(extra)
    for key, flag in _VALUES.items():
        found = values.get(key, _SOURCES if key == "sources" else ())
        flags.setdefault(flag, []).extend(text for text in found or () if isinstance(text, str))
    yield from _instance(flags, at)


def _flags(args: list[Any]) -> dict[str, list[str]]:
    """Return the flags of a command line, whether `=` or a space comes before the value."""
    found: dict[str, list[str]] = {}
    texts = [arg for arg in args if isinstance(arg, str)]
    for index, text in enumerate(texts):
        name, equals, value = text.removeprefix("--").partition("=")
        if text.startswith("--"):
            following = texts[index + 1] if index + 1 < len(texts) and not texts[index + 1].startswith("--") else ""
            found.setdefault(name, []).append(value if equals else following)
    return found


def _instance(flags: dict[str, list[str]], at: Ref) -> Iterator[Instance]:
    if any(name in flags for name in _FILTERS) or any("$" in text for texts in flags.values() for text in texts):
        return
    names = ("source", "domain-filter", "exclude-domains")
    sources, included, excluded = (tuple(text.lower().rstrip(".") for text in flags.get(name, ())) for name in names)
    yield Instance(at, sources, included, excluded)
