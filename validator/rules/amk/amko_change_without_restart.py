"""A change of AMKO's settings that AMKO will not notice.

What it finds:
    A release of the leading AMKO whose `memberClusters`, `controllerVersion`, `refreshInterval` or `tenant`
    under `configs` differ from the base revision, while nothing that is written into the pod template
    changes. Needs `--base`.

Why it matters:
    AMKO reads its GSLBConfig once, at start. Of a later change it writes at best `gslb config edited, amko
    needs a restart` into the status; Flux and Argo CD report success while the pod goes on with the old
    settings. The new ones take effect when the pod restarts for another reason, long after anyone thinks of
    this change.
    Source: AMKO gslb/ingestion/gslb.go GetNewController, getGSLBConfigChecksum;
    helm/amko/templates/statefulset.yaml (1.9.1 to 2.1.1).

Bad:
    configs:
      refreshInterval: 600     # was 1800; nothing else changes

Good:
    configs:
      refreshInterval: 600
    tolerations:               # part of the pod template: another value restarts the pod
      - {key: gslb-estate/values-checksum, operator: Equal, value: 5f2c0a9d41be7733, effect: NoSchedule}

Fix:
    Restart AMKO with the change: let a toleration carry a checksum of the values, as repositories made by
    `estate new` do, or run `kubectl -n avi-system rollout restart statefulset amko`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import Pair
from validator.change.restart import unread_changes
from validator.finding import Problem, Severity
from validator.model import Estate, Release, says_leader
from validator.rules import rule
from validator.rules.amk.custom_fqdn_flipped import CUSTOM

LEADER_CONTROLLER = ("configs", "gslbLeaderController")


@rule("AMK903", Severity.WARNING, sources=("AMKO-GC-07", "AMKO gslb/ingestion/gslb.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("amko") if estate.past else ():
        if _restarts_itself(pair):
            continue
        changed = [pointer for pointer in unread_changes(pair) if pointer != CUSTOM]
        if changed:
            names = ", ".join(f"`{pair.new.title(*pointer)}`" for pointer in changed)
            yield Problem(
                pair.new.at(*changed[0]),
                f"{names} changed, but nothing restarts AMKO in cluster `{pair.new.cluster.name}`: it goes on with "
                "the old settings; change its pod template too, or restart it by hand",
            )


def _restarts_itself(pair: Pair[Release]) -> bool:
    """Return whether AMKO ends by itself on this change, or does not read its GSLBConfig as it does not lead."""
    if not says_leader(pair.new) or not says_leader(pair.old):
        return True
    return bool(pair.old.get(*LEADER_CONTROLLER) != pair.new.get(*LEADER_CONTROLLER))
