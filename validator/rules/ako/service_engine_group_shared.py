"""Two clusters use one Service Engine group while AKO labels it for one.

What it finds:
    The same `serviceEngineGroupName` (or `seGroup.name` of an AviInfraSetting) in two clusters of one Avi cloud,
    both with serviceType ClusterIP and without `disableStaticRouteSync`. `Default-Group` is what a cluster has that
    sets nothing.

Why it matters:
    In this mode AKO puts a label with its cluster's name on the group, so that only its Service Engines get its
    routes. The second AKO finds the wrong label, logs `Labels do not match with cluster name for SE group`, and
    restarts for ever.
    Source: AKO internal/cache/controller_obj_cache.go ConfigureSeGroupLabels (1.9.2 to 2.1.1).

Bad:
    # two clusters behind avi-01.example.com, Default-Cloud
    ControllerSettings: {serviceEngineGroupName: Default-Group}

Good:
    ControllerSettings: {serviceEngineGroupName: wld-b}

Fix:
    Give each cluster a group of its own, or use NodePort or NodePortLocal.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.ako._settings import GROUP, by_cloud, place, routed, text


@rule("AKO104", Severity.ERROR, sources=("AKO-04", "HR-10", "AKO internal/cache/controller_obj_cache.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for group in by_cloud(estate):
        seen: dict[str, tuple[Release, Ref]] = {}
        for release in group:
            for name, at in _groups(release) if routed(release) else ():
                first, there = seen.setdefault(name, (release, at))
                if first.cluster is release.cluster or there.document is at.document:
                    continue
                controller, cloud = place(release) or ("", "")
                yield Problem(
                    at,
                    f"Service Engine group `{name}` is also that of cluster `{first.cluster.name}` in cloud "
                    f"`{cloud}` of `{controller}`; AKO labels it for one cluster, the other restarts for ever",
                    related=((there, f"cluster `{first.cluster.name}`"),),
                    site=release.cluster.site,
                    cluster=release.cluster.name,
                )


def _groups(release: Release) -> Iterator[tuple[str, Ref]]:
    if name := text(release, *GROUP):
        yield name, release.at(*GROUP)
    for item in release.cluster.of("AviInfraSetting", "ako.vmware.com"):
        if isinstance(name := item.get("spec", "seGroup", "name"), str):
            yield name, item.at("spec", "seGroup", "name")
