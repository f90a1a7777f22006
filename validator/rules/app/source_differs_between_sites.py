"""The application of a GSLB host comes from another place in another site.

What it finds:
    Syncs of one kind, namespace and name in several member clusters that bring an application from outside the
    repository, beside a selected Ingress or Service in one of them, and that differ in address, path or target
    namespace (a warning), or in the revision (information, as it does during a roll-out).

Why it matters:
    DNS sends a client to either site and expects the same application. A wrong address or path brings nothing at
    all; a wrong namespace leaves the Ingress without its Service; two revisions are two versions under one name.
    Source: fluxcd.io Kustomization v1, GitRepository v1; argo-cd.readthedocs.io, Application specification.

Bad:
    # site01
    spec: {path: ./kustomize/base, targetNamespace: shop}
    # site02
    spec: {path: ./kustomize/base, targetNamespace: shopp}

Good:
    # site02
    spec: {path: ./kustomize/base, targetNamespace: shop}

Fix:
    Bring the application from the same place in every site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.app._hosts import declared_apps
from validator.rules.app._sources import Source, shown, sources

PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Kustomization": (("spec", "path"), ("spec", "targetNamespace")),
    "HelmRelease": (("spec", "chart", "spec", "chart"), ("spec", "releaseName"), ("spec", "targetNamespace")),
    "Application": (("spec", "source", "path"), ("spec", "destination", "namespace")),
}


@rule("APP133", Severity.WARNING, sources=("APP-01", "tkg-avi APP-02"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = {app.get("namespace") for _, app in declared_apps(estate) if app.get("source")}
    for selection in estate.selections:
        exposed = {found.manifest.namespace for found in selection.selected}
        groups: dict[tuple[str, str, str], list[Source]] = {}
        for cluster in selection.members:
            for found in sources(estate, cluster, whole=True):
                sync = found.sync
                groups.setdefault((sync.kind, sync.namespace, sync.name), []).append(found)
        for group in groups.values():
            once = len({id(found.sync) for found in group}) == len(group) > 1
            if once and any(found.namespace in exposed - declared for found in group):
                yield from _differences(group)


def _differences(group: list[Source]) -> Iterator[Problem]:
    kind = group[0].sync.kind
    facts = [("address", [(shown(found.url), found.url_at) for found in group])]
    for pointer in PLACES[kind]:
        facts.append(
            (f"`{pointer[-1]}`", [(str(found.sync.get(*pointer)), _at(found.sync, pointer)) for found in group])
        )
    facts.append(("revision", [(str(found.revision), found.revision_at) for found in group]))
    for what, values in facts:
        count = Counter(value for value, _ in values)
        usual = count.most_common(1)[0][0]
        model = next(at for value, at in values if value == usual)
        for value, at in values if len(count) > 1 else ():
            if value != usual:
                yield Problem(
                    at,
                    f"{what} of {kind} `{group[0].sync.name}` is `{value}`, in another cluster `{usual}`; one name "
                    "serves two applications",
                    related=((model, f"`{usual}`"),),
                    severity=Severity.INFO if what == "revision" else None,
                )


def _at(sync: Manifest, pointer: tuple[str, ...]) -> Ref:
    return sync.at(*pointer)
