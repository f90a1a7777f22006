"""AKO does not run on the cluster's Kubernetes version.

What it finds:
    A cluster whose Kubernetes version, by its `Cluster` object or the estate file, is outside the range compiled
    into its AKO release (an error), or outside the documented one (information).

Why it matters:
    `Unsupported kubernetes apiserver version detected. Please check the supportability guide.`: AKO exits at start,
    again and again. The range in the code and the one in the documentation are not always the same.
    Source: AKO buildsettings.json, cmd/ako-main/main.go; docs/README.md (1.9.1 to 2.2.1).

Bad:
    # AKO 1.9.2: 1.22 to 1.25
    spec: {topology: {version: v1.26.5+vmware.2}}

Good:
    # AKO 1.9.2: 1.22 to 1.25
    spec: {topology: {version: v1.24.9+vmware.1}}

Fix:
    Upgrade AKO before Kubernetes, to a release that knows both versions.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import kubernetes, releases


@rule("AKO122", Severity.ERROR, sources=("AKO-26", "AKO buildsettings.json", "AKO cmd/ako-main/main.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        facts, cluster = ako.find(release.version or ""), release.cluster
        found = kubernetes(estate, cluster) if facts else None
        if facts is None or found is None:
            continue
        note = ((found.at, f"Kubernetes of `{cluster.name}`"),)
        if facts.kubernetes_enforced.holds(found.value) is False:
            newer = [name for name in ako.supporting(found.value) if name != facts.version]
            hint = f"; {newer[0]} to {newer[-1]} do" if len(newer) > 1 else f"; {newer[0]} does" if newer else ""
            yield Problem(
                release.version_at,
                f"AKO {facts.version} does not start on Kubernetes `{found.value}` of cluster `{cluster.name}`, it "
                f"takes {facts.kubernetes_enforced}{hint}",
                related=note,
            )
        elif facts.kubernetes_documented.holds(found.value) is False:
            yield Problem(
                release.version_at,
                f"AKO {facts.version} is documented for Kubernetes {facts.kubernetes_documented}, cluster "
                f"`{cluster.name}` has `{found.value}`",
                related=note,
                severity=Severity.INFO,
            )
