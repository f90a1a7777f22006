"""A version in the manifests is not the one that the estate file declares.

What it finds:
    The chart version of an AKO release; the version of the AMKO chart where all clusters have the same; the
    Kubernetes version and the ClusterClass of a `Cluster` object; each compared with `estate.yaml`. Where the
    AMKO releases differ among themselves, the rule on the federation tells.

Why it matters:
    The next rendering undoes an upgrade that was made in the manifests: AKO goes back behind its CRDs, and a
    Cluster with a lower Kubernetes version is refused, since Cluster API forbids downgrades.
    Source: cluster-api internal/webhooks/cluster.go v1.2.8; AKO docs/install/helm.md.

Bad:
    # estate.yaml
    versions: {ako: "1.9.2"}
    # HelmRelease
    chart: {spec: {chart: ako, version: 1.10.1}}

Good:
    # HelmRelease
    chart: {spec: {chart: ako, version: 1.9.2}}

Fix:
    Make the estate file and the manifests say the same version.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.est._declared import Entry, differs, entries, versions


@rule("EST203", Severity.ERROR, sources=("EST", "cluster-api internal/webhooks/cluster.go@v1.2.8"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = versions(estate)
    if estate.declared is None or not declared:
        return
    said = estate.declared.at
    for entry in entries(estate):
        for release in entry.cluster.ako if entry.cluster else ():
            if release.version and version.compare(release.version, declared["ako"]) not in {0, None}:
                what = f"AKO in `{entry.data['name']}`"
                yield differs(release.version_at, what, release.version, declared["ako"], said("versions", "ako"))
        yield from _topology(entry)
    for federation in estate.federations:
        found = {release.version for release in federation.releases}
        first = federation.releases[0]
        if len(found) == 1 and first.version and version.compare(first.version, declared["amko"]) not in {0, None}:
            yield differs(first.version_at, "AMKO", first.version, declared["amko"], said("versions", "amko"))


def _topology(entry: Entry) -> Iterator[Problem]:
    manifest = entry.cluster.tkg if entry.cluster else None
    if manifest is None or manifest.uncertain:
        return
    wanted, given = entry.data.get("kubernetes"), manifest.get("spec", "topology", "version")
    if isinstance(wanted, str) and isinstance(given, str) and _short(given) != _short(wanted):
        at = manifest.at("spec", "topology", "version")
        yield differs(at, f"Kubernetes of `{manifest.name}`", given, wanted, entry.at("kubernetes"))
    wanted, given = entry.data.get("clusterClass"), manifest.get("spec", "topology", "class")
    if isinstance(wanted, str) and isinstance(given, str) and given != wanted:
        at = manifest.at("spec", "topology", "class")
        yield differs(
            at,
            f"ClusterClass of `{manifest.name}`",
            given,
            wanted,
            entry.declared.at("versions", "clusterClass"),
        )


def _short(text: str) -> str:
    """Return a version as TKG's webhook rewrites it: `v1.24.9+vmware.1` for `v1.24.9+vmware.1-tkg.1`."""
    return text.removeprefix("v").replace("---", "+").partition("-tkg")[0]
