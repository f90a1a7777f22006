"""Flux may take over an AKO that belongs to TKG.

What it finds:
    A HelmRelease of AKO or AMKO for a TKG cluster, under Flux 2.4 or newer, without `disableTakeOwnership:
    true` for `install` or `upgrade`.

Why it matters:
    From Flux 2.4 on a Helm installation takes over objects that belong to somebody else. Where TKG has put its
    own AKO into the cluster, the release adopts it silently and kapp-controller puts it back: two owners, no
    error. With the switch the release fails and says why.
    Source: helm-controller v1.1.0 internal/action/install.go, CHANGELOG v1.2.0 (Flux 2.5).

Bad:
    spec: {chart: {spec: {chart: ako}}}

Good:
    spec: {chart: {spec: {chart: ako}}, install: {disableTakeOwnership: true}, upgrade: {disableTakeOwnership: true}}

Fix:
    Set it for `install` and for `upgrade`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.products import running
from validator.facts import served
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release
from validator.read.manifest import dig
from validator.rules import rule
from validator.tkg.topologies import PREFIX, SPEC

FIELD = "disableTakeOwnership"


@rule("AVI106", Severity.WARNING, sources=("AVI-06", "fluxcd/helm-controller v1.2.0 CHANGELOG"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        name = dig(cluster.tkg.value, (*SPEC, "class")) if cluster.tkg is not None else None
        if isinstance(name, str) and name.startswith(PREFIX):
            for release in (*cluster.ako, *cluster.amko):
                if release.engine == "flux":
                    yield from _judge(estate, cluster, release)


def _judge(estate: Estate, cluster: Cluster, release: Release) -> Iterator[Problem]:
    now = running(estate, "flux", cluster)
    if now is None or served.has("flux", now.version, "takesOwnership") is not True:
        return
    if served.has("flux", now.version, FIELD) is False:
        at = release.manifest.at("spec", "install")
        text = f"{now} takes over objects of others and cannot be told not to; Flux 2.5 has `{FIELD}`"
        yield Problem(at, f"release `{release.name}`: {text}", ((now.at, f"{now} is named here"),))
        return
    for step in ("install", "upgrade"):
        if dig(release.manifest.spec, (step, FIELD)) is not True:
            at = release.manifest.at("spec", step, FIELD)
            yield Problem(
                at, f"`{step}.{FIELD}` of release `{release.name}` is not true: {now} takes over a foreign AKO"
            )
