"""The AKO name of one cluster begins with that of another, with an AKO that confuses them.

What it finds:
    AKO 1.9.2 or older in ClusterIP mode whose `clusterName` is the beginning of another cluster's in the same Avi
    cloud.

Why it matters:
    When this AKO restarts it takes the static routes of the other cluster, known by the prefix of their names, for
    its own stale ones and deletes them; the Service Engines no longer reach that cluster's pods.
    Source: AKO CHANGELOG, fixed in 1.9.3.

Bad:
    # two clusters behind avi-01.example.com, Default-Cloud, AKO 1.9.2
    AKOSettings: {clusterName: wld}
    AKOSettings: {clusterName: wld-b}

Good:
    AKOSettings: {clusterName: wld-a}
    AKOSettings: {clusterName: wld-b}

Fix:
    Upgrade to AKO 1.9.3 or newer, or use names of which none is the beginning of another.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import NAME, by_cloud, routed


@rule("AKO103", Severity.ERROR, sources=("AKO-03", "AKO CHANGELOG.md@1.9.3"))
def check(estate: Estate) -> Iterator[Problem]:
    for group in by_cloud(estate):
        names = sorted((name, index, r) for index, r in enumerate(group) if (name := r.text(*NAME)) and routed(r))
        for place, (name, _, release) in enumerate(names):
            if release.version is None or ako.has(release.version, "safeClusterNamePrefix") is not False:
                continue
            for other, _, victim in names[place + 1 :]:
                if not other.startswith(name):
                    break
                if other == name or victim.cluster is release.cluster:
                    continue
                yield Problem(
                    release.at(*NAME),
                    f"`clusterName: {name}` is the beginning of `{other}` of cluster `{victim.cluster.name}`; AKO "
                    f"{release.version} deletes that cluster's static routes when it restarts",
                    related=((victim.at(*NAME), f"cluster `{victim.cluster.name}`"),),
                )
