"""A variable that nothing replaces, or that is replaced by nothing.

What it finds:
    `${name}` in what a Flux Kustomization with `postBuild` applies, where neither `substitute` nor
    `substituteFrom` gives the name and no default stands in the text; and `${name}` in a HelmRelease, Cluster,
    Ingress, AKO or AMKO object that nothing substitutes in. Not told where a Secret, or something outside of
    the repository, may give the name.

Why it matters:
    Flux replaces an unknown variable by the empty string: a host, a controller address or a CIDR becomes empty
    and the object is still applied. Where nothing substitutes, the text `${name}` itself arrives.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Post build variable substitution.

Bad:
    # Kustomization: postBuild: {substitute: {site: site01}}
    controllerHost: avi-${sites}.example.com

Good:
    controllerHost: avi-${site}.example.com

Fix:
    Define the variable, give a default (`${site:=site01}`), or write `$${site}` for the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.nearness import nearest
from validator.read import flux
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule

VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-=+?][^}]*)?\}")
READ = frozenset(
    {"HelmRelease", "Cluster", "Ingress", "Kustomization", "GitRepository", "HelmRepository", "OCIRepository"}
)
GROUPS = frozenset({"ako.vmware.com", "amko.vmware.com", "networking.tkg.tanzu.vmware.com"})
VALUES = ("spec", "values")
"""Of other charts, which may well want such a text."""
OFF = "kustomize.toolkit.fluxcd.io/substitute"


@rule("GIT106", Severity.WARNING, sources=("GIT-04", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    texts = (document.data for document in estate.distinct)
    marked = {id(text) for text in texts if b"$" in text and b"${" in text}  # one letter is found far quicker than two
    for cluster in estate.clusters if marked else ():
        syncs = {item.name: item for item in cluster.of("Kustomization", flux.KUSTOMIZE)}
        if cluster.complete:
            own = [item for item in syncs.values() if flux.local_path(item, estate.folders) == cluster.root]
            syncs.update(("", root) for root in own[:1])
        charts = {id(release.manifest) for release in (*cluster.ako, *cluster.amko)}
        for manifest in cluster.manifests:
            if id(manifest.document.data) in marked and not manifest.uncertain:
                whole = id(manifest) in charts
                yield from _judge(cluster, manifest, syncs.get(manifest.applied_by), whole=whole)


def _judge(cluster: Cluster, manifest: Manifest, sync: Manifest | None, *, whole: bool) -> Iterator[Problem]:
    build = sync.spec.get("postBuild") if sync else None
    off = {**manifest.labels, **manifest.annotations}.get(OFF) == "disabled"
    known = _known(cluster, build) if isinstance(build, dict) else None
    if known and not off:
        for pointer, name in _variables(manifest.document.value, ()):
            if name not in known:
                near = nearest(name, known)
                text = f"variable `{name}` is not given by Kustomization `{manifest.applied_by}`, it becomes empty"
                yield Problem(manifest.at(*pointer), text + (f", did you mean `{near}`?" if near else ""))
    elif whole or manifest.kind in READ or manifest.group in GROUPS:
        for pointer, name in _variables(manifest.value, ()):
            if not name.startswith("ARGOCD_") and (whole or pointer[:2] != VALUES):
                by = "substitution is disabled here" if off else "nothing substitutes in this object"
                yield Problem(manifest.at(*pointer), f"variable `{name}` stays as it is written: {by}")


def _known(cluster: Cluster, build: dict[str, Any]) -> set[str]:
    """Return the names that a `postBuild` gives; empty where it gives none, as Flux then leaves everything as it is."""
    known = set(build.get("substitute") or {}) if isinstance(build.get("substitute"), dict | None) else set()
    for entry in build.get("substituteFrom") or []:
        source = entry if isinstance(entry, dict) else {}
        for manifest in cluster.of(str(source.get("kind"))):
            if manifest.name == source.get("name") and isinstance(manifest.get("data"), dict):
                known |= set(manifest.get("data"))
    return known


def _variables(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        for match in VARIABLE.finditer(value) if "${" in value else ():
            if match[2] is None or match[2].startswith(("?", ":?")):
                yield pointer, match[1]
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _variables(item, (*pointer, step))
