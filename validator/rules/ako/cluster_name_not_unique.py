"""Two clusters have the same AKO cluster name in one Avi cloud.

What it finds:
    The same `AKOSettings.clusterName` in two clusters whose `controllerHost` and `cloudName` are equal.

Why it matters:
    AKO knows its objects by `created_by: ako-<clusterName>` and by the prefix of their names. Two AKOs with one
    name see each other's virtual services as stale and delete them at each full sync. AKO of TKG itself uses
    `<namespace>-<cluster>`.
    Source: AKO docs/values.md; internal/cache/controller_obj_cache.go (1.9.2 to 2.1.1).

Bad:
    # two clusters behind avi-01.example.com, Default-Cloud
    AKOSettings: {clusterName: wld}

Good:
    AKOSettings: {clusterName: wld-b}

Fix:
    Give each cluster a name of its own. For one that is in service: `deleteConfig: "true"`, wait, change the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.rules import rule
from validator.rules.ako._settings import NAME, by_cloud, place


@rule("AKO102", Severity.ERROR, sources=("AKO-02", "AVI-05", "AKO docs/values.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for group in by_cloud(estate):
        seen: dict[str, Release] = {}
        for release in group:
            name = release.text(*NAME)
            if not name or "$" in name or name == "my-cluster":
                continue
            first = seen.setdefault(name, release)
            if first.cluster is not release.cluster and first.manifest.document is not release.manifest.document:
                controller, cloud = place(release) or ("", "")
                yield Problem(
                    release.at(*NAME),
                    f"`clusterName: {name}` is also that of cluster `{first.cluster.name}` in cloud `{cloud}` of "
                    f"`{controller}`; the two delete each other's objects",
                    related=((first.at(*NAME), f"cluster `{first.cluster.name}`"),),
                )
