"""Two AMKO estates with one UUID on one controller.

What it finds:
    Two federations (each with a leader of its own) that use the same GSLB leader controller and the same `configs.amkoUUID`.

Why it matters:
    AMKO deletes every GSLB service that carries its UUID and that it did not ask for. Two estates with one UUID delete each other's
    services, at every start and every full sync.
    Source: AMKO gslb/cache AviObjGSCachePopulate; gslb/ingestion/fullsync.go GenerateModels (1.9.1 to 2.1.1).

Bad:
    # production
    configs: {gslbLeaderController: avi-01.example.com, amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}
    ---
    # staging
    configs: {gslbLeaderController: avi-01.example.com, amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}

Good:
    # staging
    configs: {gslbLeaderController: avi-01.example.com, amkoUUID: 6fa459ea-ee8a-4ca4-894e-db77e160355e}

Fix:
    Give the newer estate a UUID of its own, before its AMKO starts for the first time.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Federation, Release
from validator.rules import rule
from validator.rules.amk._controllers import host_of

UUID, CONTROLLER = ("configs", "amkoUUID"), ("configs", "gslbLeaderController")


@rule("AMK304", Severity.ERROR, sources=("AMKO-UUID-02",))
def check(estate: Estate) -> Iterator[Problem]:
    seen: dict[tuple[str, str], tuple[Federation, Release]] = {}
    for federation in estate.federations:
        for release in federation.releases:
            uuid, host = (release.text(*UUID) or "").lower(), host_of(release.text(*CONTROLLER))
            if not uuid or not host:
                continue
            other, first = seen.setdefault((host, uuid), (federation, release))
            if other is not federation:
                yield Problem(
                    release.at(*UUID),
                    f"cluster `{release.cluster.name}` has the same `{release.title(*UUID)}` as `{first.cluster.name}`, which belongs to "
                    f"another AMKO estate on controller `{host}`; they delete each other's GSLB services",
                    related=((first.at(*UUID), f"the UUID of `{first.cluster.name}`"),),
                )
