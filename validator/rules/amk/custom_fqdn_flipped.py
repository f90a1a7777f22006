"""The custom global FQDN mode of AMKO is switched on or off.

What it finds:
    `configs.useCustomGlobalFqdn` with another value than at the base revision, defaults of the chart counted in.
    Needs `--base`.

Why it matters:
    The mode decides on the name of every GSLB service: the host of the Ingress, or the `gslb.fqdn` of its HostRule.
    With the next restart AMKO makes the services under the other names and deletes all that it made before; what was
    called by the old names answers no more.
    Source: AMKO docs/local_and_global_fqdn.md, gslb/ingestion/fullsync.go GenerateModels (1.9.1 to 2.1.1).

Bad:
    configs:
      useCustomGlobalFqdn: true    # was false

Good:
    configs:
      useCustomGlobalFqdn: false

Fix:
    Switch in a maintenance window, after every selected host has a HostRule with `gslb.fqdn` and the users know the
    new names; then restart AMKO on the leader.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.rules import rule

CUSTOM = ("configs", "useCustomGlobalFqdn")


@rule("AMK902", Severity.WARNING, sources=("AMKO-GC-08", "AMKO docs/local_and_global_fqdn.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("amko") if estate.past else ():
        before, now = _flag(pair.old), _flag(pair.new)
        if before is None or now is None or before is now:
            continue
        names = "the `gslb.fqdn` of HostRules" if now else "the hosts of Ingresses"
        yield Problem(
            pair.new.at(*CUSTOM),
            f"`{pair.new.title(*CUSTOM)}` of cluster `{pair.new.cluster.name}` was `{str(before).lower()}` and is "
            f"`{str(now).lower()}`: at its next restart AMKO deletes all GSLB services and makes them anew, "
            f"named after {names}",
        )


def _flag(release: Release) -> bool | None:
    value = release.get(*CUSTOM)
    if value is MISSING or value is None:
        return None if release.values.unknown else False
    return value if isinstance(value, bool) else None
