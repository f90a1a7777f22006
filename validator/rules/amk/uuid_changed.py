"""The UUID of an AMKO changes.

What it finds:
    `configs.amkoUUID` (or the annotation `amko.vmware.com/amko-uuid` of a GSLBConfig) with another value than at the
    base revision, taken away, or set for the first time in a release that was there before. Needs `--base`.

Why it matters:
    AMKO writes the UUID into every GSLB service as its creator and looks for its own services by it. Under a new UUID
    it finds none: the old ones stay on the Avi controller without an owner, and each new one fails with `domain name
    conflicting with existing domain name`, for ever. Taken away, the annotation is lost with the next object, and
    AMKO makes up another one. A release without it has a random UUID already, which only the cluster knows.
    Source: AMKO gslb/ingestion/gslb.go GetUUIDFromGSLBConfig, gslb/cache/controller_obj_cache.go (1.9.1 to 2.1.1).

Bad:
    configs:
      amkoUUID: 7c9e6679-7425-40de-944b-e07fc1f90ae7   # was 1b4e28ba-2fa1-41d2-883f-0016d3cca427

Good:
    configs:
      amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427

Fix:
    Keep the UUID of the base revision. Where none was set, write the one that `kubectl -n avi-system get gslbconfig
    gc-1` shows in its annotation.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule

UUID = ("configs", "amkoUUID")


@rule("AMK901", Severity.ERROR, sources=("AMKO-UUID-03", "AMKO-UUID-01"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("amko") if estate.past else ():
        before, now = pair.old.get(*UUID), pair.new.get(*UUID)
        title, name = pair.new.title(*UUID), pair.new.cluster.name
        if any(release.values.unknown for release in (pair.old, pair.new)) or _same(before, now):
            continue
        if before is MISSING:
            yield Problem(
                pair.new.at(*UUID),
                f"`{title}` of cluster `{name}` is set for the first time: it must be the UUID that AMKO made up for "
                "itself, which stands in the annotation `amko.vmware.com/amko-uuid` of its GSLBConfig",
                severity=Severity.UNVERIFIABLE,
            )
        elif _parsed(before) is not None:
            is_now = "not set any more" if now in (MISSING, None, "") else f"`{now}`"
            yield Problem(
                pair.new.at(*UUID),
                f"`{title}` of cluster `{name}` was `{before}` and is {is_now}: AMKO loses every GSLB service that "
                "it has made, and their names stay taken; keep the old value",
            )


def _same(before: Any, now: Any) -> bool:
    empty = (MISSING, None, "")
    if before in empty or now in empty:
        return before in empty and now in empty
    return str(before).lower() == str(now).lower()


def _parsed(value: Any) -> uuid.UUID | None:
    """Return a UUID that AMKO takes; with any other text it never started."""
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
