"""An object of an API version that its controller does not serve.

What it finds:
    Flux, Argo CD, External Secrets and Sealed Secrets objects whose `apiVersion` is not served by the release
    that the cluster runs: the one that gotk-components.yaml is labelled with, or that the estate file declares.
    Where the release is not known, only versions that no known release serves.

Why it matters:
    The API server does not know the object (`no matches for kind`). Flux stops applying the whole
    Kustomization, Argo CD fails the sync. Flux dropped v1beta1 in 2.7 and v1beta2 in 2.8, External Secrets
    v1beta1 in 0.17.
    Source: CustomResourceDefinitions of each minor release, spec.versions[].served; fluxcd/flux2 release notes.

Bad:
    # Flux 2.9
    apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
    kind: Kustomization

Good:
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization

Fix:
    Write a version that is served; before an upgrade of Flux, `flux migrate` rewrites what is stored in the
    cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.products import Running, objects, running
from validator.facts import served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("GIT101", Severity.ERROR, sources=("GIT-01", "fluxcd/flux2 v2.0.1 to v2.9.4 CRDs"))
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[tuple[str, str, str | None]] = set()
    for manifest, cluster in objects(estate):
        product = served.product_of(manifest.group)
        now = running(estate, product, cluster) if product is not None else None
        what = (manifest.api_version, manifest.kind, now.version if now else None)
        if what in sound:
            continue
        if problem := _judge(manifest, now):
            yield problem
        else:
            sound.add(what)


def _judge(manifest: Manifest, now: Running | None) -> Problem | None:
    spans = served.api_versions(manifest.group, manifest.kind)
    if not spans:
        return None
    version = manifest.api_version.rpartition("/")[2]
    if now is not None and served.known(now.product, now.version):
        if served.is_served(manifest.group, manifest.kind, version, now.version) is not False:
            return None
        good = served.served_versions(manifest.group, manifest.kind, now.version)
        listed = ", ".join(f"`{one}`" for one in good) or "no version"
        text = f"{now} does not serve {manifest.kind} `{manifest.api_version}`; it serves {listed}"
        return Problem(manifest.at("apiVersion"), text, related=((now.at, f"{now} is named here"),))
    if version in spans:
        return None
    listed = ", ".join(f"`{one}`" for one in spans)
    at = manifest.at("apiVersion")
    return Problem(at, f"no known release serves {manifest.kind} `{manifest.api_version}`; there are {listed}")
