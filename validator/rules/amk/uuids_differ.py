"""The AMKOs of a federation have different UUIDs.

What it finds:
    `configs.amkoUUID` (or the annotation `amko.vmware.com/amko-uuid`) that is not the same in all clusters of a federation. In a draw,
    the cluster that differs from the leader is at fault.

Why it matters:
    AMKO owns the GSLB services that carry its UUID. An AMKO that takes over with another UUID leaves all services of the old one as
    they are, never changes or deletes them, and cannot make its own: `domain name conflicting with existing domain name`.
    Source: AMKO gslb/ingestion/gslb.go GetUUIDFromGSLBConfig; docs/troubleshooting.md (1.10.1 to 2.1.1).

Bad:
    # site01
    configs: {amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}
    ---
    # site02
    configs: {amkoUUID: 6fa459ea-ee8a-4ca4-894e-db77e160355e}

Good:
    # site02
    configs: {amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}

Fix:
    Write the UUID that the leader's `gc-1` has into every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.agreement import disagreements
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.amk.malformed_uuid import SHAPE

UUID = ("configs", "amkoUUID")


@rule("AMK303", Severity.ERROR, sources=("AMKO-UUID-01",))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        answers = [(r, text.lower()) for r in federation.releases if (text := r.text(*UUID)) and SHAPE.fullmatch(text)]
        for release, model in disagreements(federation, answers):
            yield Problem(
                release.at(*UUID),
                f"`{release.title(*UUID)}` of cluster `{release.cluster.name}` is not that of `{model.cluster.name}`, "
                f"`{model.text(*UUID)}`; all AMKOs of a federation own the same GSLB services and need one UUID",
                related=((model.at(*UUID), f"the UUID of `{model.cluster.name}`"),),
            )
