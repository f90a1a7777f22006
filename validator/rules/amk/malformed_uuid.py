"""An AMKO UUID that is none.

What it finds:
    The annotation `amko.vmware.com/amko-uuid` of a GSLBConfig object, or of one that a post-renderer patches, with anything but a
    UUID of 36 characters. (In the values of the chart the values schema tells.)

Why it matters:
    AMKO cannot parse it, `error in parsing annotation for UUID`, and never accepts its configuration.
    Source: AMKO gslb/ingestion/gslb.go GetUUIDFromGSLBConfig (1.9.1 to 2.1.1).

Bad:
    kind: GSLBConfig
    metadata: {name: gc-1, annotations: {amko.vmware.com/amko-uuid: estate-one}}

Good:
    kind: GSLBConfig
    metadata: {name: gc-1, annotations: {amko.vmware.com/amko-uuid: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}}

Fix:
    Write a UUID as `uuidgen` gives it, the same in every cluster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.facts import names
from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

UUID = ("configs", "amkoUUID")
ANNOTATION = names.AMKO_UUID
SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@rule("AMK302", Severity.ERROR, sources=("AMKO-UUID-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.clusters:
        found = [
            (m.annotations.get(ANNOTATION), m.at("metadata", "annotations", ANNOTATION))
            for m in cluster.of("GSLBConfig", GROUP)
        ]
        found.extend(
            (one.get(*UUID), one.at(*UUID)) for one in cluster.amko if one.patched and not one.values.has(*UUID)
        )
        for text, at in found:
            if isinstance(text, str) and text and not SHAPE.fullmatch(text):
                yield Problem(
                    at,
                    f"`{ANNOTATION}` of GSLBConfig is `{text[:60]}`, which is no UUID of 36 characters; AMKO does not start",
                )
