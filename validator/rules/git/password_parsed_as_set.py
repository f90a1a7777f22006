"""A password that Helm's `--set` rules may cut up.

What it finds:
    `valuesFrom` of a HelmRelease that writes a Secret's key to a password, token or certificate with
    `targetPath` and without `literal: true`.

Why it matters:
    Flux reads such a value as `helm --set` does: a comma, a brace, a bracket or a backslash in it ends the
    value or makes a list of it. AKO then logs in with half a password and, after some attempts, the account is
    locked.
    Source: fluxcd/helm-controller docs/spec/v2/helmreleases.md, Values references; literal since Flux 2.9.

Bad:
    valuesFrom: [{kind: Secret, name: ako, valuesKey: password, targetPath: avicredentials.password}]

Good:
    valuesFrom: [{kind: Secret, name: ako, valuesKey: values.yaml}]

Fix:
    Put a whole values document into the Secret, or write `literal: true` (Flux 2.9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.clusters.products import running
from validator.facts import served
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import flux
from validator.read.manifest import Manifest
from validator.rules import rule

SENSITIVE = re.compile(r"pass(word|phrase)?$|token$|secret$|CertificateAuthorityData$|key$", re.IGNORECASE)


@rule("GIT110", Severity.WARNING, sources=("GIT-10", "fluxcd/helm-controller docs/spec/v2/helmreleases.md"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("HelmRelease"):
        for manifest in cluster.of("HelmRelease", flux.HELM):
            yield from _judge(estate, cluster, manifest)


def _judge(estate: Estate, cluster: Cluster, manifest: Manifest) -> Iterator[Problem]:
    entries = manifest.spec.get("valuesFrom")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        path = entry.get("targetPath") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not SENSITIVE.search(path) or entry.get("literal") is True:
            continue
        now = running(estate, "flux", cluster)
        has = served.has("flux", now.version, "literalValuesFrom") if now else None
        advice = "put a values document into the Secret" + ("" if has is False else " or set `literal: true`")
        yield Problem(
            manifest.at("spec", "valuesFrom", index, "targetPath"),
            f"HelmRelease `{manifest.name}` sets `{path}` as `helm --set` does, which cuts it at commas and braces; {advice}",
        )
