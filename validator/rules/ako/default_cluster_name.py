"""AKO runs under the chart's default cluster name.

What it finds:
    `AKOSettings.clusterName` not set, or left at `my-cluster`.

Why it matters:
    The name is the prefix and the owner mark (`ako-<name>`) of every object in Avi. Two clusters that both left the
    default take each other's objects for their own stale ones and delete them. It cannot be changed later without
    deleting all.
    Source: AKO helm/ako/values.yaml; internal/lib/lib.go IsClusterNameValid (1.9.2 to 2.1.1).

Bad:
    AKOSettings: {clusterName: my-cluster}

Good:
    AKOSettings: {clusterName: tkg-wld-site01}

Fix:
    Set the name of the cluster, unique in its Avi cloud.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._settings import NAME, releases

DEFAULT = "my-cluster"


@rule("AKO101", Severity.ERROR, sources=("AKO-01", "AKO helm/ako/values.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        name = release.get(*NAME)
        if name == DEFAULT:
            yield Problem(
                release.at(*NAME),
                f"`clusterName` is still the chart's default `{DEFAULT}`; it marks the owner of every object in Avi "
                "and must be unique in the cloud",
            )
        elif name is MISSING and not release.values.unknown:
            yield Problem(
                release.at(*NAME),
                f"`AKOSettings.clusterName` is not set, the chart's default is `{DEFAULT}`; it marks the owner of "
                "every object in Avi and must be unique in the cloud",
            )
