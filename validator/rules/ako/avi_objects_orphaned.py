"""AKO loses sight of all objects that it made in Avi.

What it finds:
    An AKO release whose `clusterName`, `cloudName` or `tenantName` is another than at the base revision, while it
    was not told before to delete its objects. Needs `--base`.

Why it matters:
    AKO finds its own objects by the creator `ako-<clusterName>` within its cloud and tenant. After the change it
    finds none and makes all virtual services again; the old ones stay with their addresses, pools and DNS records,
    and the same host is served twice. With `serviceType: ClusterIP` the labels of the SE group still carry the old
    cluster name, so AKO stops with `Labels do not match with cluster name for SE group`.
    Source: AKO internal/cache/controller_obj_cache.go (created_by, cloud_ref.name), docs/values.md (1.9.2 to
    2.1.1).

Bad:
    AKOSettings:
      clusterName: wld-site01      # was my-cluster-01; deleteConfig was "false"

Good:
    # an earlier commit, applied and done: deleteConfig "true"
    AKOSettings:
      clusterName: wld-site01
      deleteConfig: "false"

Fix:
    Keep the name. Else set `deleteConfig: "true"` first, wait until the StatefulSet's annotation
    `AviObjectDeletionStatus` says `Done`, and change the name in a second commit together with `deleteConfig:
    "false"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.read.effective import MISSING
from validator.rules import rule
from validator.rules.ako._changed import cleared
from validator.values import defaults

NAME = ("AKOSettings", "clusterName")
OWNERS = (NAME, ("ControllerSettings", "cloudName"), ("ControllerSettings", "tenantName"))
_VALID = re.compile(r"[A-Za-z0-9_-]+")
"""AKO syncs nothing under any other name (internal/lib/lib.go IsClusterNameValid)."""


@rule("AKO902", Severity.ERROR, sources=("AKO-02", "AKO-04", "AKO internal/cache/controller_obj_cache.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("ako") if estate.past else ():
        name = _value(pair.old, NAME)
        if cleared(pair.old) or not isinstance(name, str) or not _VALID.fullmatch(name):
            continue
        for pointer in OWNERS:
            before, now = _value(pair.old, pointer), _value(pair.new, pointer)
            if isinstance(before, str) and isinstance(now, str) and before != now and before:
                yield Problem(
                    pair.new.at(*pointer),
                    f"`{'.'.join(pointer)}` of cluster `{pair.new.cluster.name}` was `{before}` and is `{now}`: "
                    "AKO does not "
                    "find the Avi objects that it made any more and leaves them behind; let it delete them first "
                    '(`deleteConfig: "true"`, in a commit before this one)',
                )


def _value(release: Release, pointer: tuple[str, str]) -> Any:
    found = release.get(*pointer)
    if found is MISSING and release.version and not release.values.unknown:
        block = (defaults("ako", release.version) or {}).get(pointer[0], {})
        found = block.get(pointer[1], MISSING)
    return found
