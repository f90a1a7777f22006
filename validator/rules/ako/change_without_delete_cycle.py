"""A change of AKO's settings that the existing Avi objects do not survive.

What it finds:
    An AKO release whose `shardVSSize`, `passthroughShardSize`, `serviceType` or `enableEVH` is another than at the
    base revision, defaults of the chart counted in, while AKO was not told before to delete its objects. Needs
    `--base`.

Why it matters:
    These settings decide which hosts share a virtual service and what its pools are made of. AKO does not move what
    exists: hosts are computed onto other virtual services while the old ones keep their addresses and DNS records,
    static routes and SE group labels stay, and the same name answers from two places.
    Source: AKO docs/faq.md (shard size, serviceType), CHANGELOG 1.6.1 (1.9.2 to 2.1.1).

Bad:
    L7Settings:
      shardVSSize: SMALL       # was LARGE; deleteConfig was "false"

Good:
    # an earlier commit, applied and done: deleteConfig "true"
    L7Settings:
      shardVSSize: SMALL
    AKOSettings:
      deleteConfig: "false"

Fix:
    Three steps in a maintenance window: set `deleteConfig: "true"`; wait until the StatefulSet's annotation
    `AviObjectDeletionStatus` says `Done`; change the setting and set `deleteConfig: "false"`, with a restart of
    AKO.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change.restart import changes
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._changed import cleared

SETTINGS = frozenset(
    {
        ("L7Settings", "shardVSSize"),
        ("L7Settings", "passthroughShardSize"),
        ("L7Settings", "serviceType"),
        ("AKOSettings", "enableEVH"),
    }
)


@rule("AKO904", Severity.WARNING, sources=("AKO-16", "AKO docs/faq.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("ako") if estate.past else ():
        if cleared(pair.old):
            continue
        for pointer, before, now in changes(pair):
            if pointer in SETTINGS and all(isinstance(value, str | bool) for value in (before, now)):
                was, is_now = (str(value).lower() if isinstance(value, bool) else value for value in (before, now))
                yield Problem(
                    pair.new.at(*pointer),
                    f"`{'.'.join(pointer)}` of cluster `{pair.new.cluster.name}` was `{was}` and is `{is_now}`: "
                    "the Avi "
                    "objects of the old setting stay and clash with the new ones; let AKO delete them first "
                    '(`deleteConfig: "true"`, in a commit before this one)',
                )
