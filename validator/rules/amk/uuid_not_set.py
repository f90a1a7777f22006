"""AMKO has no UUID of its own in Git.

What it finds:
    An AMKO release (from 1.10.1 on, the first that takes it) without `configs.amkoUUID`, a GSLBConfig object without the annotation
    `amko.vmware.com/amko-uuid`, and a cluster that has none while others of its federation have one.

Why it matters:
    AMKO marks every GSLB service that it makes with this UUID and treats services with another mark as somebody else's. Without one
    it makes a random UUID and writes it into its object. When the object is made anew (uninstall, another cluster, a failover to a
    site that had none), the UUID is gone, the old services are orphans, and new ones fail: `domain name conflicting`.
    Source: AMKO gslb/ingestion/gslb.go GetUUIDFromGSLBConfig; docs/crds/gslbconfig.md, docs/troubleshooting.md (1.10.1 to 2.1.1).

Bad:
    configs: {gslbLeaderController: avi-01.example.com}

Good:
    configs:
      gslbLeaderController: avi-01.example.com
      amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427

Fix:
    Set the same UUID in every cluster. Where AMKO runs already, read it from the annotation of `gc-1` first; never make a new one.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko
from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate, Release, says_leader
from validator.read.effective import MISSING
from validator.read.rendered import lacks
from validator.rules import rule
from validator.rules.amk import config_without_annotation
from validator.schema.faults import tells, tells_of

UUID = ("configs", "amkoUUID")


@rule("AMK301", Severity.WARNING, sources=("AMKO-UUID-01",))
def check(estate: Estate) -> Iterator[Problem]:
    told = {id(problem.at.document) for problem in config_without_annotation.check(estate)}
    for federation in estate.federations:
        used = any(release.text(*UUID) for release in federation.releases)
        for release in federation.releases:
            if release.get(*UUID) not in (MISSING, None, "") or release.values.unknown:
                continue
            configs = release.cluster.of("GSLBConfig", GROUP)
            if release.engine == "manifests" and any(id(manifest.document) in told for manifest in configs):
                continue
            if (
                (used or _takes(release))
                and release.values.get("configs") not in (MISSING, None, {})
                and not lacks(release, "configs")
                and not tells(release, *UUID)
                and not tells_of(release.manifest, "spec", "postRenderers")
            ):
                whose = "it is random then, and lost with the object"
                if says_leader(release) is False:
                    whose = "after a failover it is another one than the leader's"
                yield Problem(
                    release.at(*UUID),
                    f"`{release.title(*UUID)}` is not set: {whose}, and GSLB services made before are orphans; set the same "
                    "in every cluster",
                )


def _takes(release: Release) -> bool:
    if release.engine == "manifests":
        return True
    return release.version is not None and amko.has(release.version, "amkoUuid") is True
