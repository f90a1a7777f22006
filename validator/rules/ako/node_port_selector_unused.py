"""AKO has a node selector that it does not use, or one that selects by an empty value.

What it finds:
    `nodePortSelector.key` set while serviceType is not NodePort, or set without `value` in NodePort mode.

Why it matters:
    The chart writes the selector in NodePort mode only; elsewhere it does nothing. With a key and no value AKO
    takes the nodes whose label has an empty value, usually none: all pools stay empty. Labels of node roles are
    empty by custom, so a role may stand without a value.
    Source: AKO helm/ako/templates/configmap.yaml; internal/nodes/avi_model_l4_translator.go (1.9.2 to 2.1.1).

Bad:
    L7Settings: {serviceType: ClusterIP}
    nodePortSelector: {key: node-role, value: worker}

Good:
    L7Settings: {serviceType: NodePort}
    nodePortSelector: {key: node-role, value: worker}

Fix:
    Remove the selector, or give it a value.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import TYPE, releases, text

ROLE = "node-role.kubernetes.io/"


@rule("AKO111", Severity.WARNING, sources=("AKO-11", "AKO helm/ako/templates/configmap.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        key = text(release, "nodePortSelector", "key")
        if not key:
            continue
        value, mode, at = (
            text(release, "nodePortSelector", "value"),
            text(release, *TYPE),
            release.at("nodePortSelector", "key"),
        )
        if mode in {"ClusterIP", "NodePortLocal"}:
            yield Problem(at, f"`nodePortSelector` acts with serviceType NodePort only, this AKO runs with {mode}")
        elif not key.startswith(ROLE) and mode == "NodePort" and value == "":
            yield Problem(at, f"`nodePortSelector.key: {key}` has no `value`; AKO takes nodes whose label is empty")
