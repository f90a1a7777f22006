"""The kubeconfig of AMKO's members changes, and AMKO will not read it.

What it finds:
    The Secret or SealedSecret `gslb-config-secret` of the leading AMKO with other data than at the base revision,
    while nothing that is written into the pod template changes. Needs `--base`.

Why it matters:
    AMKO gets the kubeconfig as an environment variable, which a running container keeps. New members are not reached,
    and after a rotation AMKO goes on with the old tokens until the API servers refuse them: then it sees no change in
    any member.
    Source: AMKO helm/amko/templates/statefulset.yaml, env GSLB_CONFIG (1.9.1 to 2.1.1).

Bad:
    kind: Secret
    metadata: {name: gslb-config-secret, namespace: avi-system}
    stringData: {gslb-members: 'ENC[AES256_GCM,data:new...]'}    # the AMKO release does not change

Good:
    # the same commit changes the pod template of AMKO, such as the checksum in its tolerations

Fix:
    Restart AMKO with the change: `kubectl -n avi-system rollout restart statefulset amko`, on the leader.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import Pair
from validator.change.restart import pod_restarts
from validator.federation.kubeconfig import KEY, SECRET
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate, Release, says_leader
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.secrets.placeholder import is_encrypted, is_placeholder

SHORT = 3
"""Letters of a word that is no placeholder, such as a dash."""
KINDS = (("Secret", "", ("stringData", "data")), ("SealedSecret", "bitnami.com", ("spec",)))


@rule("AMK907", Severity.WARNING, sources=("AMKO helm/amko/templates/statefulset.yaml@2.1.1",))
def check(estate: Estate) -> Iterator[Problem]:
    if estate.past is None:
        return
    leaders: dict[int, Pair[Release]] = {
        id(pair.new.cluster): pair
        for pair in estate.past.releases("amko")
        if says_leader(pair.new) and says_leader(pair.old) and pod_restarts(pair) is False
    }
    for pair in estate.past.clusters:
        if id(pair.new) in leaders:
            yield from _changed(pair)


def _changed(pair: Pair[Cluster]) -> Iterator[Problem]:
    for kind, group, blocks in KINDS:
        old, new = _find(pair.old, kind, group), _find(pair.new, kind, group)
        if old is None or new is None:
            continue
        for block in blocks:
            pointer = (block, "encryptedData", KEY) if block == "spec" else (block, KEY)
            before, now = old.get(*pointer), new.get(*pointer)
            if isinstance(before, str) and isinstance(now, str) and before != now and not _is_unfilled(before):
                yield Problem(
                    new.at(*pointer),
                    f"`{KEY}` of {kind} `{SECRET}` changed, but nothing restarts AMKO in cluster `{pair.new.name}`: "
                    "it keeps the kubeconfig that it was started with; restart it with this change",
                )


def _is_unfilled(text: str) -> bool:
    """Return whether a kubeconfig has placeholders in it: AMKO has never run with it."""
    words = [word for word in text.split() if len(word) > SHORT]
    return not is_encrypted(text) and any(is_placeholder(word) for word in words)


def _find(cluster: Cluster, kind: str, group: str) -> Manifest | None:
    return next((item for item in cluster.of(kind, group) if item.name == SECRET), None)
