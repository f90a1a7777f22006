"""AKO gets no credentials, or gets them twice.

What it finds:
    A chart up to 1.11.x without `avicredentials.username` and `password` in its values and without a Secret among
    them; from 1.12.1 on, credentials in the values although the repository makes the Secret `avi-secret` too, or
    neither of the two while another cluster of the repository has one.

Why it matters:
    The old chart does not render: `error calling b64enc: wrong type for value`. The new one makes no Secret, and
    AKO's pod waits for `avi-secret`. With both, two owners write one object: Helm refuses to adopt it, or each sync
    takes it back.
    Source: AKO helm/ako/templates/secret.yaml (1.9.2 to 2.1.1).

Bad:
    # chart 1.9.2
    kind: HelmRelease
    spec: {values: {AKOSettings: {clusterName: wld}}}

Good:
    kind: HelmRelease
    spec: {valuesFrom: [{kind: Secret, name: ako-credentials, valuesKey: values.yaml}]}

Fix:
    Give the credentials by a Secret in `valuesFrom` (Flux), or by the Secret `avi-secret` (from 1.12.1 on).
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako, names
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release
from validator.once import once
from validator.rules import rule
from validator.rules.ako._credentials import unusable
from validator.rules.ako._settings import releases
from validator.rules.sec._constant import CONSTANTS, misnamed
from validator.secrets.objects import secrets

CREDENTIALS = "avicredentials"
SECRET = names.AKO_SECRET


@rule("AKO121", Severity.ERROR, sources=("AKO-25", "AKO helm/ako/templates/secret.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        optional = ako.has(release.version, "optionalCredentials") if release.version else None
        if optional is None or release.values.unknown:
            continue
        if release.values.secrets:
            yield from unusable(release, CREDENTIALS, ("username", "password"))
            continue
        given, own = _given(release), _own(release.cluster, release.namespace)
        if not optional and not given:
            yield Problem(
                release.at(CREDENTIALS),
                f"chart {release.version} needs `avicredentials.username` and `password`, by values or by a Secret "
                "in `valuesFrom`; it does not render without",
            )
        elif optional and given and own:
            yield Problem(
                release.at(CREDENTIALS, key=True),
                f"chart {release.version} makes `{SECRET}` from `avicredentials`, and the repository makes it too; "
                "leave one",
                severity=Severity.WARNING,
            )
        elif optional and not given and (made := _made(estate)) and _lacks(release.cluster, made):
            yield Problem(
                release.at(CREDENTIALS),
                f"nothing makes Secret `{SECRET}` in cluster `{release.cluster.name}`, other clusters have it; AKO's "
                "pod does not start without",
                absence=release.cluster.root,
            )


@once
def _made(estate: Estate) -> frozenset[Cluster]:
    """Return the clusters that have the Secret."""
    return frozenset(one for one in estate.clusters if any(secret.name == SECRET for secret in secrets(one)))


def _lacks(cluster: Cluster, made: frozenset[Cluster]) -> bool:
    """Return whether a cluster has no such Secret, not even under a name that was meant for it, which another rule tells."""
    constant = next(one for one in CONSTANTS if one.name == SECRET)
    return cluster not in made and not cluster.uncertain and not any(misnamed(cluster, constant))


def _given(release: Release) -> bool:
    name, *rest = (release.get(CREDENTIALS, key) for key in ("username", "password", "authtoken"))
    optional = release.version is not None and ako.has(release.version, "optionalCredentials")
    return bool(name) and any(rest if optional else rest[:1])


def _own(cluster: Cluster, namespace: str) -> bool:
    return any(s.name == SECRET and s.namespace in {namespace, ""} for s in secrets(cluster))
