"""AMKO has no credentials for the controller.

What it finds:
    An AMKO chart release without `gslbLeaderCredentials.username` or `.password`, or with an empty one, where no `valuesFrom`
    gives values from a Secret either; and a GSLBConfig object whose `gslbLeader.credentials` names no Secret.

Why it matters:
    Up to 2.1.1 the chart does not render without them: `error calling b64enc: … expected string`. Flux then keeps the old release,
    Argo CD shows a comparison error. With empty ones AMKO ends at once: `AVI Controller information is missing`.
    Source: AMKO helm/amko/templates/secret.yaml; gslb/cache/avi_ctrl.go SharedAviClients (1.9.1 to 2.1.1).

Bad:
    kind: HelmRelease
    spec: {values: {configs: {gslbLeaderController: avi-01.example.com}}}

Good:
    kind: HelmRelease
    spec:
      valuesFrom: [{kind: Secret, name: amko-credentials, valuesKey: values.yaml}]
      values: {configs: {gslbLeaderController: avi-01.example.com}}

Fix:
    Put `gslbLeaderCredentials` into a Secret that `valuesFrom` reads. With Argo CD give placeholders and let the real Secret win.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._credentials import unusable
from validator.schema.faults import tells, tells_of

BLOCK, KEYS = "gslbLeaderCredentials", ("username", "password")


@rule("AMK118", Severity.ERROR, sources=("AMKO-SEC-03", "AMKO-SEC-04"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        for release in cluster.amko:
            if release.engine != "manifests":
                yield from _chart(release)
        for manifest in cluster.of("GSLBConfig", GROUP):
            if manifest.get("spec", "gslbLeader") in (None, {}):
                continue  # then the controller is missing too, and told
            if not manifest.uncertain and manifest.get("spec", "gslbLeader", "credentials") in (None, ""):
                yield Problem(
                    manifest.at("spec", "gslbLeader", "credentials"),
                    f"GSLBConfig `{manifest.name}` names no Secret in `gslbLeader.credentials`; AMKO refuses it",
                )


def _chart(release: Release) -> Iterator[Problem]:
    if release.values.unknown or not release.values.merged:
        return
    if tells(release, BLOCK) or tells_of(release.manifest, "spec", "valuesFrom"):
        return
    if release.values.secrets:
        yield from unusable(release, BLOCK, KEYS)
        return
    missing = [key for key in KEYS if release.get(BLOCK, key) is MISSING or release.get(BLOCK, key) is None]
    empty = [key for key in KEYS if release.get(BLOCK, key) == ""]
    if missing:
        names = " and ".join(f"`{BLOCK}.{key}`" for key in missing)
        yield Problem(
            release.at(BLOCK, missing[0]),
            f"nothing sets {names} of AMKO, neither the values nor a Secret; the chart does not render without",
        )
    for key in empty:
        yield Problem(release.at(BLOCK, key), f"`{BLOCK}.{key}` of AMKO is empty; AMKO does not start without it")
