"""A change of AKO's settings that AKO will not notice.

What it finds:
    An AKO release with other settings than at the base revision, while nothing that is written into the pod
    template changes. `logLevel`, `enableEvents` and `deleteConfig` work at once and are left alone; so is
    what needs more than a restart (AKO902, AKO904). Needs `--base`.

Why it matters:
    AKO takes its settings from environment variables, which a running container keeps, and the chart has no
    checksum in its pod template. Flux and Argo CD change the ConfigMap and report success; AKO goes on as
    before and takes the new settings when the pod restarts for another reason, long after anyone thinks of
    this change.
    Source: AKO helm/ako/templates/statefulset.yaml, internal/k8s/ako_init.go HandleConfigMap (1.9.2 to
    2.1.1).

Bad:
    ControllerSettings:
      serviceEngineGroupName: seg-02     # was seg-01; nothing else changes

Good:
    ControllerSettings:
      serviceEngineGroupName: seg-02
    tolerations:                         # part of the pod template: another value restarts the pod
      - {key: gslb-estate/values-checksum, operator: Equal, value: 5f2c0a9d41be7733, effect: NoSchedule}

Fix:
    Restart AKO with the change: let a toleration carry a checksum of the values, as repositories made by
    `estate new` do, or run `kubectl -n avi-system rollout restart statefulset ako`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change.restart import unread_changes
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako import avi_objects_orphaned, change_without_delete_cycle
from validator.rules.ako._changed import cleared

TOLD = frozenset(avi_objects_orphaned.OWNERS) | change_without_delete_cycle.SETTINGS
"""Settings whose rules say already that a plain change will not do."""


@rule("AKO903", Severity.WARNING, sources=("AKO-34", "AKO internal/k8s/ako_init.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for pair in estate.past.releases("ako") if estate.past else ():
        told = frozenset() if cleared(pair.old) else TOLD
        changed = [pointer for pointer in unread_changes(pair) if pointer not in told]
        if changed:
            names = ", ".join(f"`{'.'.join(pointer)}`" for pointer in changed)
            yield Problem(
                pair.new.at(*changed[0]),
                f"{names} changed, but nothing restarts AKO in cluster `{pair.new.cluster.name}`: it goes on "
                "with the old settings; change its pod template too, or restart it by hand",
            )
