"""A field that the running Flux or Argo CD does not know yet.

What it finds:
    Fields of Flux and Argo CD objects that came with a later release than the one that runs.

Why it matters:
    The API server drops the field without a word, or Flux's strict server-side apply refuses the object: `field
    not declared in schema`. What the field was to do is not done: no ownership is declined, no path is ignored,
    no second source is read.
    Source: CustomResourceDefinitions and changelogs of helm-controller, kustomize-controller and argo-cd, by
    minor release.

Bad:
    # Flux 2.8
    kind: Kustomization
    spec: {ignore: [{paths: [/spec/topology/version]}]}

Good:
    # Flux 2.9
    kind: Kustomization
    spec: {ignore: [{paths: [/spec/topology/version]}]}

Fix:
    Upgrade, or do without the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from validator.clusters.products import objects, running
from validator.facts import served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import argocd
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule

FIELDS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "HelmRelease": (
        ("chartRef", ("spec", "chartRef")),
        ("driftDetection", ("spec", "driftDetection")),
        ("disableTakeOwnership", ("spec", "install", "disableTakeOwnership")),
        ("disableTakeOwnership", ("spec", "upgrade", "disableTakeOwnership")),
        ("retryStrategy", ("spec", "install", "strategy")),
        ("retryStrategy", ("spec", "upgrade", "strategy")),
        ("helmCommonMetadata", ("spec", "commonMetadata")),
        ("helmServerSideApply", ("spec", "install", "serverSideApply")),
        ("helmServerSideApply", ("spec", "upgrade", "serverSideApply")),
        ("helmHealthChecks", ("spec", "healthCheckExprs")),
        ("helmHealthChecks", ("spec", "waitStrategy")),
        ("literalValuesFrom", ("spec", "valuesFrom", "*", "literal")),
        ("chartNameChangeStrategy", ("spec", "upgrade", "chartNameChangeStrategy")),
        ("kubeConfigConfigMap", ("spec", "kubeConfig", "configMapRef")),
        ("readyExpr", ("spec", "dependsOn", "*", "readyExpr")),
    ),
    "Kustomization": (
        ("namePrefix", ("spec", "namePrefix")),
        ("namePrefix", ("spec", "nameSuffix")),
        ("deletionPolicy", ("spec", "deletionPolicy")),
        ("healthCheckExprs", ("spec", "healthCheckExprs")),
        ("decryptionServiceAccount", ("spec", "decryption", "serviceAccountName")),
        ("ignoreMissingComponents", ("spec", "ignoreMissingComponents")),
        ("ignoreRules", ("spec", "ignore")),
        ("substituteStrategy", ("spec", "postBuild", "substituteStrategy")),
        ("kubeConfigConfigMap", ("spec", "kubeConfig", "configMapRef")),
        ("readyExpr", ("spec", "dependsOn", "*", "readyExpr")),
    ),
    "Application": (
        ("sources", ("spec", "sources")),
        ("managedNamespaceMetadata", ("spec", "syncPolicy", "managedNamespaceMetadata")),
        ("automatedEnabled", ("spec", "syncPolicy", "automated", "enabled")),
        ("retryRefresh", ("spec", "syncPolicy", "retry", "refresh")),
        ("sourceHydrator", ("spec", "sourceHydrator")),
        ("managedFieldsManagers", ("spec", "ignoreDifferences", "*", "managedFieldsManagers")),
        ("jqPathExpressions", ("spec", "ignoreDifferences", "*", "jqPathExpressions")),
    ),
}
"""Feature of the table in validator/facts, and the field by which it is used."""
OF_SOURCE = (
    ("valuesObject", ("helm", "valuesObject")),
    ("skipSchemaValidation", ("helm", "skipSchemaValidation")),
    ("helmKubeVersion", ("helm", "kubeVersion")),
    ("helmKubeVersion", ("helm", "apiVersions")),
    ("kustomizePatches", ("kustomize", "patches")),
    ("kustomizeComponents", ("kustomize", "components")),
    ("sourceName", ("name",)),
    ("tagPrefix", ("tagPrefix",)),
)


@rule("GIT102", Severity.ERROR, sources=("GIT-01", "TKG-21", "fluxcd/flux2 v2.0.1 to v2.9.4 CRDs"))
def check(estate: Estate) -> Iterator[Problem]:
    for manifest, cluster in objects(estate):
        product = served.product_of(manifest.group) if manifest.kind in FIELDS else None
        if product is None:
            continue
        now = running(estate, product, cluster)
        lacking = _lacking(product, now.version) if now is not None else frozenset()
        for feature, pointer in _used(manifest, lacking) if lacking else ():
            if now is not None:
                text = f"`{'.'.join(map(str, pointer))}` of {manifest.kind} `{manifest.name}` is not in {now} yet"
                at = manifest.at(*pointer, key=True)
                yield Problem(
                    at, f"{text}, it came with {served.since(product, feature)}", ((now.at, f"{now} is named here"),)
                )


@cache
def _lacking(product: served.Product, version: str) -> frozenset[str]:
    """Return the features that a release of a product does not have yet."""
    used = {feature for fields in (*FIELDS.values(), OF_SOURCE) for feature, _ in fields}
    known = used & served.facts(product)["features"].keys()
    return frozenset(feature for feature in known if served.has(product, version, feature) is False)


def _used(manifest: Manifest, features: frozenset[str]) -> Iterator[tuple[str, Pointer]]:
    """Yield the fields of some features that an object has."""
    for feature, path in FIELDS[manifest.kind]:
        for pointer in _places(manifest.value, path, ()) if feature in features else ():
            yield feature, pointer
    for where, source in argocd.sources(manifest) if manifest.kind == "Application" else ():
        for feature, path in OF_SOURCE:
            for pointer in _places(source, path, where) if feature in features else ():
                yield feature, pointer


def _places(value: Any, path: tuple[str, ...], pointer: Pointer) -> Iterator[Pointer]:
    if not path:
        yield pointer
    elif path[0] == "*":
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _places(item, path[1:], (*pointer, index))
    elif isinstance(value, dict) and path[0] in value:
        yield from _places(value[path[0]], path[1:], (*pointer, path[0]))
